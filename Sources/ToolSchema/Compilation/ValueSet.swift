import ToolJSON

/// The values of an `enum` or a `const`, found by their hash where there are many.
struct ValueSet: Sendable {
    let values: [JSON]

    /// The same values, if there are many.
    private let index: Set<JSON>

    /// The positions of values by their folded text, if there are many; `ambiguous` for a text of several values.
    private let folded: [String: Int]

    /// Comparing a few values is faster than hashing one.
    private static let compared = 8
    private static let ambiguous = -1

    init(_ values: [JSON]) {
        self.values = values
        guard values.count > Self.compared else {
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

    /// True if a value is one of these.
    func contains(_ value: JSON, spending budget: inout WorkBudget) throws(CheckError) -> Bool {
        guard index.isEmpty else {
            // It is hashed, and compared with those of a similar hash.
            try budget.spend(2)
            try budget.spend(reading: value)
            return index.contains(value)
        }
        for own in values where try budget.areEqual(own, value) { return true }
        return false
    }

    /// The text of a value without parts in lower case, a string with a quote before it.
    private static func foldedText(of value: JSON) -> String? {
        switch value {
        case .null, .bool: value.text()
        case .number(let number): number.int64.map { String($0) } ?? number.literal.lowercased()
        case .string(let text): "\"" + text.lowercased()
        case .array, .object: nil
        }
    }

    /// The only value that is written like another one, except for case and quotes: `1` for `"1"`, `null` for `"None"`.
    ///
    /// Two strings come first: the one that repeats the literal of a number, and the one that differs from a word for
    /// `null` in case alone.
    func onlyValue(writtenLike value: JSON, spending budget: inout WorkBudget) throws(CheckError) -> JSON? {
        try budget.spend(folding: value)
        guard let text = Self.foldedText(of: value) else { return nil }
        var position: Int?
        if let word = value.string {
            let isWordForNull = Conversion.isWordForNull(word)
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

    /// The position of the only value with one of some folded texts; `ambiguous` if there are several.
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
    /// Takes away the steps that folding the text of a value takes.
    fileprivate mutating func spend(folding value: JSON) throws(CheckError) {
        switch value {
        case .string(let text): try spend(4 + text.utf8.count / 4)
        case .number(let number): try spend(4 + number.weight / 4 + number.literal.utf8.count / 4)
        default: try spend(1)
        }
    }
}
