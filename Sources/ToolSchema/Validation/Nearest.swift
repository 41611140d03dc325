import ToolJSON

/// Functions that find the most similar name within the budget of a check.
enum Nearest {
    /// The maximum number of candidates.
    static let maximumCandidates = 4096

    /// Indexes the first ``maximumCandidates`` names for several searches.
    static func prepared(
        _ names: some Sequence<String>,
        spending budget: inout WorkBudget
    ) throws(CheckError) -> NearNames {
        let names = Array(names.prefix(maximumCandidates))
        // The cost of reading the letters of each name.
        try budget.spend(8 * names.count)
        return NearNames(names)
    }

    /// Returns the quoted name that is most similar to an unknown one, or nil if none is similar.
    static func name(
        to name: String,
        among names: NearNames,
        spending budget: inout WorkBudget
    ) throws(CheckError) -> String? {
        let matches = try names.ranked(name) { steps throws(CheckError) in try budget.spend(steps) }
        return matches.first.flatMap { $0.isNear ? Words.quoted(names.names[$0.index]) : nil }
    }
}
