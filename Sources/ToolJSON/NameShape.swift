/// The form of a name that is compared with others: its letters in lower case, divided into words.
struct NameShape {
    /// The letters and digits, without separators.
    private(set) var units: [UInt32] = []
    private var words: [Range<Int>] = []

    /// The maximum number of letters that are compared.
    static let longest = 96
    /// The cost of one letter that differs.
    static let unit = 16

    /// Creates the form of a name, or returns nil if it has no letters or too many.
    init?(_ name: String) {
        guard name.utf8.count <= 4 * Self.longest else { return nil }
        var start = 0
        var wasLower = false
        for scalar in name.unicodeScalars {
            let isSeparator = Self.isSeparator(scalar.value)
            let isUpper = scalar.isASCII ? "A"..."Z" ~= scalar : scalar.properties.isUppercase
            // `getTemperature` also has two words.
            if isSeparator || isUpper && wasLower, start < units.count {
                words.append(start..<units.count)
                start = units.count
            }
            wasLower = !isSeparator && !isUpper
            if isSeparator { continue }
            if !isUpper {
                units.append(scalar.value)
            } else if scalar.isASCII {
                units.append(scalar.value | 0x20)
            } else {
                units += scalar.properties.lowercaseMapping.unicodeScalars.map(\.value)
            }
        }
        if start < units.count { words.append(start..<units.count) }
        guard 1...Self.longest ~= units.count else { return nil }
    }

    /// True for separators of words: hyphens, dots, underscores, spaces, colons and slashes.
    static func isSeparator(_ value: UInt32) -> Bool {
        switch value {
        case 0x20, 0x2D, 0x2E, 0x2F, 0x3A, 0x5F: true
        default: false
        }
    }

    /// Returns the edit cost between two names, ``unit`` for each letter, and the number of comparisons.
    ///
    /// A cost above half of the longer name is a lower bound.
    func cost(of other: NameShape) -> (cost: Int, work: Int) {
        if units == other.units { return (0, units.count) }
        let (shorter, longer) = units.count < other.units.count ? (self, other) : (other, self)
        let extra = longer.units.count - shorter.units.count
        var cost = Self.unit / 2 * (1 + unmatched(by: other) + other.unmatched(by: self))
        // Such as `temp` for `temperature`, or `get_temperature` for `weather.get_temperature`.
        let isPart =
            longer.units.starts(with: shorter.units)
            || longer.words.contains { $0.lowerBound == extra } && longer.units[extra...].elementsEqual(shorter.units)
        if isPart, shorter.units.count >= 3 { cost = min(cost, Self.unit + min(Self.unit - 1, extra)) }
        let most = max(1, longer.units.count / 2)
        guard extra <= most, cost > Self.unit else { return (cost, longer.units.count) }
        let distance = Self.distance(shorter.units, longer.units)
        return (min(cost, Self.unit * distance), shorter.units.count * longer.units.count)
    }

    /// Returns the number of letters in words that the other name lacks, both in full and abbreviated.
    private func unmatched(by other: NameShape) -> Int {
        words.reduce(0) { sum, word in
            let word = units[word]
            let isMatched = other.words.contains { range in
                let theirs = other.units[range]
                return word.elementsEqual(theirs)
                    || min(word.count, theirs.count) >= 3 && (word.starts(with: theirs) || theirs.starts(with: word))
            }
            return isMatched ? sum : sum + word.count
        }
    }

    /// Returns the number of letters to change, add, remove or swap with a neighbor (Damerau-Levenshtein distance).
    private static func distance(_ left: [UInt32], _ right: [UInt32]) -> Int {
        var before = [Int](repeating: 0, count: right.count + 1)
        var row = Array(0...right.count)
        for i in left.indices {
            var next = row
            next[0] = i + 1
            for j in right.indices {
                let changed = row[j] + (left[i] == right[j] ? 0 : 1)
                next[j + 1] = min(changed, 1 + min(row[j + 1], next[j]))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    next[j + 1] = min(next[j + 1], before[j - 1] + 1)
                }
            }
            (before, row) = (row, next)
        }
        return row[right.count]
    }
}
