import ToolJSON

/// The values of an `enum` or a `const`.
///
/// Large sets are indexed by hash.
final class ValueSet: Sendable {
    let values: [JSON]

    /// The hashed values, or an empty set if there are only a few.
    private let index: Set<JSON>

    /// The positions of values by their folded text, or an empty dictionary if there are only a few.
    ///
    /// The position is `ambiguous` if several values have the same folded text.
    private let folded: [String: Int]

    /// The maximum size without an index: comparing a few values is faster than hashing one.
    private static let indexThreshold = 8
    private static let ambiguous = -1

    init(_ values: [JSON]) {
        self.values = values
        guard values.count > Self.indexThreshold else {
            index = []
            folded = [:]
            return
        }
        index = Set(values)
        var folded: [String: Int] = [:]
        for (position, value) in values.enumerated() {
            guard let key = Self.foldedText(of: value) else { continue }
            folded[key] = folded[key] == nil ? position : Self.ambiguous
        }
        self.folded = folded
    }

    /// Returns true if the set contains a value.
    func contains(_ value: JSON, spending budget: inout WorkBudget) throws(CheckError) -> Bool {
        guard index.isEmpty else {
            // The value is hashed and compared with those in the same bucket.
            try budget.spend(2)
            try budget.spend(reading: value)
            return index.contains(value)
        }
        for own in values where try budget.areEqual(own, value) { return true }
        return false
    }

    /// Returns the lowercase text of a scalar value, or nil for arrays and objects.
    ///
    /// A string is prefixed with a quote.
    private static func foldedText(of value: JSON) -> String? {
        switch value {
        case .null, .bool: value.text()
        case .number(let number): number.int64.map { String($0) } ?? number.literal.lowercased()
        case .string(let text): "\"" + text.lowercased()
        case .array, .object: nil
        }
    }

    /// Returns the only value with the same text as another one, ignoring case and quotes: `1` for `"1"`.
    ///
    /// Words for `null` match `null`. Two strings take precedence: one that equals the literal of a number, and one
    /// that differs from a word for `null` only in case.
    func onlyValue(writtenLike value: JSON, spending budget: inout WorkBudget) throws(CheckError) -> JSON? {
        try budget.spend(folding: value)
        guard let text = Self.foldedText(of: value) else { return nil }
        var position: Int?
        if let word = value.string {
            let isWordForNull = NullWord.matches(word)
            position = try self.position(of: isWordForNull ? [text] : [text, String(text.dropFirst())], &budget)
            if isWordForNull, position == nil { position = try self.position(of: ["null", "\"null"], &budget) }
        } else {
            if case .number(let number) = value {
                let literal = JSON.string(number.literal)
                if try contains(literal, spending: &budget) { return literal }
            }
            position = try self.position(of: ["\"" + text], &budget)
        }
        guard let position, position != Self.ambiguous else { return nil }
        return values[position]
    }

    /// Returns the position of the only value with one of the folded texts, or `ambiguous` if there are several.
    private func position(of keys: [String], _ budget: inout WorkBudget) throws(CheckError) -> Int? {
        guard index.isEmpty else {
            let positions = keys.compactMap { folded[$0] }
            return positions.count > 1 ? Self.ambiguous : positions.first
        }
        var found: Int?
        for (position, value) in values.enumerated() {
            try budget.spend(folding: value)
            guard let own = Self.foldedText(of: value), keys.contains(own) else { continue }
            if found != nil { return Self.ambiguous }
            found = position
        }
        return found
    }
}

extension WorkBudget {
    /// Spends the steps of folding the text of a value.
    fileprivate mutating func spend(folding value: JSON) throws(CheckError) {
        switch value {
        case .string(let text): try spend(4 + text.utf8.count / 4)
        case .number(let number): try spend(4 + number.weight / 4 + number.literal.utf8.count / 4)
        default: try spend(1)
        }
    }
}
