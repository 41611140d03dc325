import ToolJSON

/// Finds what somebody probably meant.
enum Nearest {
    private static let longest = 64
    private static let mostCandidates = 512

    /// The name that comes nearest to one that does not exist, in quotes.
    static func name(to name: String, among names: [String]) -> String? {
        text(to: name, among: names).map(Words.quoted)
    }

    /// The text that comes nearest: but for case and separators the same, an abbreviation, or a few letters off.
    static func text(to wanted: String, among candidates: [String]) -> String? {
        guard wanted.utf8.count <= longest else { return nil }
        let folded = fold(wanted)
        guard !folded.isEmpty else { return nil }
        var best: (text: String, distance: Int)?
        for candidate in candidates.prefix(mostCandidates) where candidate.utf8.count <= longest {
            let other = fold(candidate)
            let shorter = min(folded.count, other.count)
            var distance = editDistance(folded, other)
            // `temp` for `temperature`, `unit` for `units`.
            if shorter >= 3, folded.starts(with: other) || other.starts(with: folded) { distance = min(distance, 1) }
            guard distance <= max(1, max(folded.count, other.count) / 3), distance < best?.distance ?? Int.max else {
                continue
            }
            best = (candidate, distance)
        }
        return best?.text
    }

    /// Lower case, without what separates words.
    private static func fold(_ text: String) -> [Unicode.Scalar] {
        text.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" && $0 != " " && $0 != "." }
    }

    /// How many letters must be changed, added or left out (Levenshtein).
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
    func nearest(to value: JSON?) -> String? {
        guard case .enumeration(let values) = self, let text = value?.string else { return nil }
        return Nearest.name(to: text, among: values.compactMap(\.string))
    }
}
