import ToolJSON

/// Finds the name that was probably meant, within the budget of a check.
enum Nearest {
    /// The maximum number of candidates.
    static let mostCandidates = 4096

    /// Prepares the first ``mostCandidates`` of some names for several questions.
    static func prepared(
        _ names: some Sequence<String>,
        spending budget: inout WorkBudget
    ) throws(CheckError) -> NearNames {
        let names = Array(names.prefix(mostCandidates))
        // The letters of each name are read.
        try budget.spend(8 * names.count)
        return NearNames(names)
    }

    /// The name that is nearest to one that does not exist, in quotes.
    static func name(
        to name: String,
        among names: NearNames,
        spending budget: inout WorkBudget
    ) throws(CheckError) -> String? {
        let matches = try names.ranked(name) { steps throws(CheckError) in try budget.spend(steps) }
        return matches.first.flatMap { $0.isNear ? Words.quoted(names.names[$0.index]) : nil }
    }
}

extension Evaluator {
    /// The name that is nearest to one that a rule does not allow, in quotes.
    ///
    /// The names of a rule are prepared once for all violations of a report.
    mutating func nearest(
        to name: String,
        among names: some Sequence<String>,
        of rule: Rule,
        at node: Int
    ) throws(CheckError) -> String? {
        let key = "\(node) \(rule.keyword)"
        if let prepared = report?.nearNames[key] {
            return try Nearest.name(to: name, among: prepared, spending: &budget)
        }
        let prepared = try Nearest.prepared(names, spending: &budget)
        report?.nearNames[key] = prepared
        return try Nearest.name(to: name, among: prepared, spending: &budget)
    }
}
