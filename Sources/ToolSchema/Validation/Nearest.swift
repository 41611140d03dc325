import ToolJSON

/// Finds the name that was probably meant.
package enum Nearest {
    /// The most candidates that are compared.
    static let mostCandidates = 512

    private static let longest = 64

    /// The name that comes nearest to one that does not exist, in quotes.
    package static func name(to name: String, among names: [String]) -> String? {
        var budget = WorkBudget()
        return try? Self.name(to: name, among: names, spending: &budget)
    }

    /// The same, charged to a budget.
    static func name(
        to name: String,
        among names: some Sequence<String>,
        spending budget: inout WorkBudget
    ) throws(CheckFault) -> String? {
        try text(to: name, among: names, spending: &budget).map(Words.quoted)
    }

    /// The text that comes nearest: but for case and separators the same, an abbreviation, or a few letters off.
    private static func text(
        to wanted: String,
        among candidates: some Sequence<String>,
        spending budget: inout WorkBudget
    ) throws(CheckFault) -> String? {
        guard wanted.utf8.count <= longest else { return nil }
        let folded = fold(wanted)
        guard !folded.isEmpty else { return nil }
        var best: (text: String, distance: Int)?
        for candidate in candidates.prefix(mostCandidates) where candidate.utf8.count <= longest {
            try budget.spend(32)
            let other = fold(candidate)
            let (shorter, longer) = (min(folded.count, other.count), max(folded.count, other.count))
            let most = min(max(1, longer / 3), (best?.distance ?? Int.max) - 1)
            // `temp` for `temperature`, `unit` for `units`.
            let isAbbreviation = shorter >= 3 && (folded.starts(with: other) || other.starts(with: folded))
            var distance = isAbbreviation ? 1 : longer - shorter
            guard distance <= most else { continue }
            if !isAbbreviation || longer == shorter {
                try budget.spend(shorter * longer / 16)
                distance = editDistance(folded, other)
            }
            if distance <= most { best = (candidate, distance) }
        }
        return best?.text
    }

    /// Lower case, without what separates words.
    private static func fold(_ text: String) -> [Unicode.Scalar] {
        text.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" && $0 != " " && $0 != "." }
    }

    /// The number of letters that must be changed, added or left out (Levenshtein).
    private static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let cost = a == b ? diagonal : 1 + min(diagonal, row[j], row[j + 1])
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[right.count]
    }
}

extension Rule {
    /// The value of an `enum` that comes nearest to a text, as JSON.
    func nearest(to value: JSON?, spending budget: inout WorkBudget) throws(CheckFault) -> String? {
        guard case .enumeration(let set) = self, let text = value?.string else { return nil }
        let candidates = set.values.prefix(2 * Nearest.mostCandidates).lazy.compactMap(\.string)
        return try Nearest.name(to: text, among: candidates, spending: &budget)
    }
}
