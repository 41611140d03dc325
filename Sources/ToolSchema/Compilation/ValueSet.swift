import ToolJSON

/// The values of an `enum` or a `const`, found by their hash where there are many.
struct ValueSet: Sendable {
    let values: [JSON]

    /// The same values, if there are many.
    private let index: Set<JSON>

    /// The positions of strings by their lower case, if there are many; `ambiguous` where several have the same.
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
            guard let text = value.string else { continue }
            let key = text.lowercased()
            folded[key] = folded[key] == nil ? position : Self.ambiguous
        }
        self.folded = folded
    }

    /// True if a value is one of these.
    func contains(_ value: JSON, spending budget: inout WorkBudget) throws(CheckFault) -> Bool {
        guard index.isEmpty else {
            // It is hashed, and compared with those of a similar hash.
            try budget.spend(2)
            try budget.spend(reading: value)
            return index.contains(value)
        }
        for own in values where try budget.areEqual(own, value) { return true }
        return false
    }

    /// The only string that differs from another one in case alone.
    func onlyString(ignoringCaseOf text: String, spending budget: inout WorkBudget) throws(CheckFault) -> JSON? {
        try budget.spend(4 + text.utf8.count / 4)
        let key = text.lowercased()
        guard index.isEmpty else {
            guard let position = folded[key], position != Self.ambiguous else { return nil }
            return values[position]
        }
        var found: JSON?
        for value in values {
            guard let own = value.string else { continue }
            try budget.spend(4 + own.utf8.count / 4)
            guard own.lowercased() == key else { continue }
            if found != nil { return nil }
            found = value
        }
        return found
    }
}
