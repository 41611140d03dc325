import ToolJSON

/// Conversions of a value to a declared type, if the value has a single possible meaning.
enum Conversion {
    /// Returns true if a model may send the value in place of a missing one: `null`, a blank string or a null word.
    static func isPlaceholder(_ value: JSON) -> Bool {
        guard let text = value.string else { return value.isNull }
        return NullWord.matches(text) || text.utf8.allSatisfy { $0 == 0x20 || 0x09...0x0D ~= $0 }
    }

    /// Converts a value to one of the types, or returns nil if no conversion applies.
    ///
    /// A value that already has one of the types is not converted, except for the notation of integers.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - types: The declared types.
    ///   - limits: The limits on JSON text inside a string.
    static func converted(_ value: JSON, to types: TypeSet, limits: JSONLimits) -> (value: JSON, rule: Coercion.Rule)? {
        guard !types.isSuperset(of: .of(value)) else {
            guard case .number(let number) = value, !types.isSuperset(of: .number), !number.isPlainInteger,
                let integer = number.int64
            else { return nil }
            return (.int(integer), .plainInteger)
        }
        return value.string.flatMap { converted($0, to: types, limits) }
    }

    /// Returns the cost of converting a value, in steps of a ``WorkBudget``.
    static func work(for value: JSON, to types: TypeSet) -> Int {
        switch value {
        case .number(let number): number.weight / 4
        case .string(let text) where !types.contains(.string) && Self.mayBeJSON(text): 4 + text.utf8.count / 4
        default: 0
        }
    }

    /// Returns the rule for replacing a value by an allowed value with the same text.
    static func rule(from value: JSON, toAllowed allowed: JSON) -> Coercion.Rule {
        switch allowed {
        case .number: .numberFromText
        case .bool: .booleanFromText
        case .null: .nullFromText
        default: value.string == nil ? .textFromValue : .valueByCase
        }
    }

    /// Returns true if a string begins like JSON, so that parsing continues after the first byte.
    private static func mayBeJSON(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= first | 0x20
        return !isLetter || "tfn".utf8.contains(first)
    }

    private static func converted(
        _ text: String,
        to types: TypeSet,
        _ limits: JSONLimits
    ) -> (value: JSON, rule: Coercion.Rule)? {
        if text.isEmpty { return types.contains(.object) ? ([:], .objectFromEmptyText) : nil }
        guard let value = try? JSON(parsing: text, limits: limits) else { return word(text, types) }
        switch value {
        case .number(let number):
            guard types.isSuperset(of: .of(value)) else { return nil }
            // If an integer is declared, `"12.0"` becomes 12, as the number `12.0` does.
            let plain = types.isSuperset(of: .number) ? nil : number.int64.map { JSON.int($0) }
            return (number.isPlainInteger ? value : plain ?? value, .numberFromText)
        case .bool: return types.contains(.boolean) ? (value, .booleanFromText) : nil
        case .null: return types.contains(.null) ? (value, .nullFromText) : nil
        case .object: return types.contains(.object) ? (value, .objectFromText) : nil
        case .array: return types.contains(.array) ? (value, .arrayFromText) : nil
        case .string: return nil
        }
    }

    /// Converts a word of another language: models trained on Python write `True` and `None`.
    private static func word(_ text: String, _ types: TypeSet) -> (value: JSON, rule: Coercion.Rule)? {
        switch text {
        case "True" where types.contains(.boolean): (true, .booleanFromText)
        case "False" where types.contains(.boolean): (false, .booleanFromText)
        case _ where types.contains(.null) && NullWord.matches(text): (nil, .nullFromText)
        default: nil
        }
    }
}
