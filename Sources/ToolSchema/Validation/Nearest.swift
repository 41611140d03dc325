import ToolJSON

/// Finds the name that was probably meant, within the budget of a check.
package enum Nearest {
    /// The most candidates that are looked at.
    static let mostCandidates = 4096

    /// The name that is nearest to one that does not exist, in quotes.
    package static func name(to name: String, among names: [String]) -> String? {
        NearNames(names).near(name, limit: 1).first.map(Words.quoted)
    }

    /// The same, charged to a budget.
    static func name(
        to name: String,
        among names: some Sequence<String>,
        spending budget: inout WorkBudget
    ) throws(CheckFault) -> String? {
        let names = NearNames(Array(names.prefix(mostCandidates)))
        let matches = try names.ranked(name) { steps throws(CheckFault) in try budget.spend(steps) }
        return matches.first.flatMap { $0.isNear ? Words.quoted(names.names[$0.index]) : nil }
    }
}

extension Rule {
    /// The value of an `enum` that comes nearest to a string, as JSON.
    func nearest(to value: JSON?, spending budget: inout WorkBudget) throws(CheckFault) -> String? {
        guard case .enumeration(let set) = self, let text = value?.string else { return nil }
        let candidates = set.values.prefix(2 * Nearest.mostCandidates).lazy.compactMap(\.string)
        return try Nearest.name(to: text, among: candidates, spending: &budget)
    }
}
