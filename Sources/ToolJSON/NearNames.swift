/// A set of names, prepared to find those that may be meant by a name that does not exist.
///
/// It is the only ranking of names: for tools, verbs, options, keys, values of an enumeration and all others. Names that
/// differ in case or separators, in a prefix or suffix of whole words, in the order of words or in a few letters are
/// near.
///
/// The work is bounded: of many names, those that share the most letters and pairs of letters are compared, and long
/// names are not compared.
package struct NearNames: Sendable {
    /// The names, in the order in which they were given.
    package let names: [String]
    private let signatures: [NameSignature]

    /// The number of names that are compared letter by letter.
    private static let mostCompared = 128

    /// Prepares names for several questions.
    package init(_ names: [String]) {
        self.names = names
        // A few names are all compared.
        signatures = names.count > Self.mostCompared ? names.map(NameSignature.init) : []
    }

    /// The names that are near enough to be meant, nearest first.
    package func near(_ name: String, limit: Int = 3) -> [String] { Array(near(ranked(name) { _ in }).prefix(limit)) }

    /// A question for a message about a name that does not exist: ` Did you mean "list"?`, or nothing.
    package func question(_ name: String) -> String { question(ranked(name) { _ in }) }

    /// The same question, about names that are needed once.
    package static func question(_ name: String, among names: some Sequence<String>) -> String {
        NearNames(Array(names)).question(name)
    }

    /// The same question, and all names: those that are like a name, nearest first, before the others in their order.
    package func suggestions(for name: String, limit: Int) -> (question: String, names: [String]) {
        let matches = ranked(name) { _ in }
        let first = Set(matches.map(\.index))
        let rest = names.indices.lazy.filter { !first.contains($0) }
        let order = matches.map(\.index).prefix(limit) + rest.prefix(max(0, limit - matches.count))
        return (question(matches), order.map { names[$0] })
    }

    /// The names that are near, without those that are much less so than the first one.
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

    /// A name that is like the wanted one.
    package struct Match: Sendable {
        /// The place of the name among the names.
        package let index: Int
        /// True if the name is near enough to be meant.
        package let isNear: Bool
        fileprivate let cost: Int
    }

    /// The names that are like a name, nearest first.
    ///
    /// - Parameter spend: Called with the steps of about 25 nanoseconds that the next part of the work takes.
    package func ranked<Fault: Error>(
        _ name: String,
        spending spend: (Int) throws(Fault) -> Void
    ) throws(Fault) -> [Match] {
        guard let wanted = NameShape(name) else { return [] }
        var matches: [Match] = []
        try spend(4 * names.count)
        for index in candidates(name) {
            try spend(32)
            guard let shape = NameShape(names[index]) else { continue }
            let (cost, work) = wanted.cost(of: shape)
            try spend(work / 16)
            let longer = max(wanted.units.count, shape.units.count)
            // Two names of one letter each are alike only if they are equal.
            let isClose = cost <= NameShape.unit * max(1, longer / 3) || cost < 2 * NameShape.unit
            let isNear = isClose && (longer > 1 || cost == 0)
            guard isNear || cost <= NameShape.unit * longer / 2 else { continue }
            matches.append(Match(index: index, isNear: isNear, cost: cost))
        }
        return matches.sorted { ($0.isNear ? 0 : 1, $0.cost, $0.index) < ($1.isNear ? 0 : 1, $1.cost, $1.index) }
    }

    /// The places of the names that are compared.
    private func candidates(_ name: String) -> [Int] {
        guard !signatures.isEmpty else { return Array(names.indices) }
        let wanted = NameSignature(name)
        let scores = signatures.map { wanted.likeness(to: $0) }
        var counts = [Int](repeating: 0, count: NameSignature.mostLikeness + 1)
        for score in scores { counts[score] += 1 }
        var (lowest, above) = (NameSignature.mostLikeness, 0)
        while lowest > 0, above + counts[lowest] < Self.mostCompared {
            above += counts[lowest]
            lowest -= 1
        }
        var left = Self.mostCompared - above
        return scores.indices.filter { index in
            if scores[index] == lowest { left -= 1 }
            return scores[index] > lowest || scores[index] == lowest && left >= 0
        }
    }
}

/// The letters and the pairs of letters of a name, each as a bit.
private struct NameSignature: Sendable {
    private var letters: UInt64 = 0
    private var pairs: UInt64 = 0

    static let mostLikeness = 256

    init(_ name: String) {
        var last: UInt64 = 0
        for byte in name.utf8.prefix(NameShape.longest) where !NameShape.isSeparator(UInt32(byte)) {
            let letter = UInt64(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte)
            letters |= 1 << (letter & 63)
            if last != 0 { pairs |= 1 << ((last &* 37 &+ letter) & 63) }
            last = letter
        }
    }

    /// The share of what both have: 0 for nothing, ``mostLikeness`` for everything.
    func likeness(to other: NameSignature) -> Int {
        let common = (letters & other.letters).nonzeroBitCount + (pairs & other.pairs).nonzeroBitCount
        let all = [letters, pairs, other.letters, other.pairs].reduce(0) { $0 + $1.nonzeroBitCount }
        return all == 0 ? 0 : 2 * common * Self.mostLikeness / all
    }
}
