/// A set of names that is searched for names similar to an unknown one.
///
/// It is the only ranking of names in the package, for tools, verbs, options, keys and enumerated values alike. It is
/// part of ToolJSON because every module that suggests names imports this one. Two names are near if they differ in
/// case or separators, in a prefix or suffix of whole words, in the order of words or in a few letters.
///
/// The work is bounded: among many names, only those that share the most letters and pairs of letters are compared, and
/// long names are not compared.
package struct NearNames: Sendable {
    /// The names in their original order.
    package let names: [String]
    private let signatures: [NameSignature]

    /// The maximum number of names that are compared letter by letter.
    private static let maximumCompared = 128

    /// Creates an index of names for several searches.
    package init(_ names: [String]) {
        self.names = names
        // A small set needs no preselection.
        signatures = names.count > Self.maximumCompared ? names.map(NameSignature.init) : []
    }

    /// Returns the names that are near enough for a suggestion, nearest first.
    package func near(_ name: String, limit: Int = 3) -> [String] { Array(near(ranked(name) { _ in }).prefix(limit)) }

    /// Returns a question for a message about an unknown name, such as ` Did you mean "list"?`, or an empty string.
    package func question(_ name: String) -> String { question(ranked(name) { _ in }) }

    /// Returns the question for a set of names that is searched only once.
    package static func question(_ name: String, among names: some Sequence<String>) -> String {
        NearNames(Array(names)).question(name)
    }

    /// Returns the question and at most `limit` names: the similar ones, nearest first, then the others in order.
    package func suggestions(for name: String, limit: Int) -> (question: String, names: [String]) {
        let matches = ranked(name) { _ in }
        let first = Set(matches.map(\.index))
        let rest = names.indices.lazy.filter { !first.contains($0) }
        let order = matches.map(\.index).prefix(limit) + rest.prefix(max(0, limit - matches.count))
        return (question(matches), order.map { names[$0] })
    }

    /// Returns the near names, except those that are much farther than the nearest one.
    private func near(_ matches: [Match]) -> [String] {
        guard let first = matches.first else { return [] }
        return matches.filter { $0.isNear && $0.cost < first.cost + NameShape.unit }.map { names[$0.index] }
    }

    private func question(_ matches: [Match]) -> String {
        let near = near(matches).prefix(3).map { JSON.string($0).text() }
        guard let last = near.last else { return "" }
        let others = near.dropLast().joined(separator: ", ")
        return " Did you mean \(others.isEmpty ? "" : others + " or ")\(last)?"
    }

    // MARK: - Ranking

    /// A name that is similar to the unknown one.
    package struct Match: Sendable {
        /// The index of the name in ``NearNames/names``.
        package let index: Int
        /// True if the name is near enough for a suggestion.
        package let isNear: Bool
        fileprivate let cost: Int
    }

    /// Returns the names that are similar to a name, nearest first.
    ///
    /// - Parameters:
    ///   - name: The unknown name.
    ///   - spend: A closure that is called before each part of the work with its cost, in steps of about 25
    ///     nanoseconds.
    /// - Throws: The error of `spend`, which stops the search.
    package func ranked<Failure: Error>(
        _ name: String,
        spending spend: (Int) throws(Failure) -> Void
    ) throws(Failure) -> [Match] {
        guard let wanted = NameShape(name) else { return [] }
        var matches: [Match] = []
        try spend(4 * names.count)
        for index in candidates(name) {
            try spend(32)
            guard let shape = NameShape(names[index]) else { continue }
            let (cost, work) = wanted.cost(of: shape)
            try spend(work / 16)
            let longer = max(wanted.units.count, shape.units.count)
            // Two names of one letter each are near only if they are equal.
            let isClose = cost <= NameShape.unit * max(1, longer / 3) || cost < 2 * NameShape.unit
            let isNear = isClose && (longer > 1 || cost == 0)
            guard isNear || cost <= NameShape.unit * longer / 2 else { continue }
            matches.append(Match(index: index, isNear: isNear, cost: cost))
        }
        return matches.sorted { ($0.isNear ? 0 : 1, $0.cost, $0.index) < ($1.isNear ? 0 : 1, $1.cost, $1.index) }
    }

    /// Returns the indices of the names to compare.
    private func candidates(_ name: String) -> [Int] {
        guard !signatures.isEmpty else { return Array(names.indices) }
        let wanted = NameSignature(name)
        let scores = signatures.map { wanted.likeness(to: $0) }
        var counts = [Int](repeating: 0, count: NameSignature.maximumLikeness + 1)
        for score in scores { counts[score] += 1 }
        var (lowest, above) = (NameSignature.maximumLikeness, 0)
        while lowest > 0, above + counts[lowest] < Self.maximumCompared {
            above += counts[lowest]
            lowest -= 1
        }
        var left = Self.maximumCompared - above
        return scores.indices.filter { index in
            if scores[index] == lowest { left -= 1 }
            return scores[index] > lowest || scores[index] == lowest && left >= 0
        }
    }
}

/// A bit set of the letters and of the pairs of letters in a name.
private struct NameSignature: Sendable {
    private var letters: UInt64 = 0
    private var pairs: UInt64 = 0

    static let maximumLikeness = 256

    init(_ name: String) {
        var last: UInt64 = 0
        for byte in name.utf8.prefix(NameShape.longest) where !NameShape.isSeparator(UInt32(byte)) {
            let letter = UInt64(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte)
            letters |= 1 << (letter & 63)
            if last != 0 { pairs |= 1 << ((last &* 37 &+ letter) & 63) }
            last = letter
        }
    }

    /// Returns the share of common letters and pairs: 0 for none, ``maximumLikeness`` for all.
    func likeness(to other: NameSignature) -> Int {
        let common = (letters & other.letters).nonzeroBitCount + (pairs & other.pairs).nonzeroBitCount
        let all = [letters, pairs, other.letters, other.pairs].reduce(0) { $0 + $1.nonzeroBitCount }
        return all == 0 ? 0 : 2 * common * Self.maximumLikeness / all
    }
}
