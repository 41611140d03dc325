import ToolJSON

/// Turns one value into one of the types that are declared, where only one thing can be meant.
enum Conversion {
    /// The words of other languages that models write for `null`.
    private static let nullWords: Set<String> = ["null", "Null", "NULL", "None", "nil", "undefined"]

    /// True if a model can have written the value for a missing one: `null`, a blank string or a word for `null`.
    static func isPlaceholder(_ value: JSON) -> Bool {
        guard let text = value.string else { return value.isNull }
        return isWordForNull(text) || text.utf8.allSatisfy { $0 == 0x20 || 0x09...0x0D ~= $0 }
    }

    static func isWordForNull(_ text: String) -> Bool {
        // Longer strings are not hashed.
        text.utf8.count <= 9 && nullWords.contains(text)
    }

    /// The value as one of those types, or nothing: a value that has one of them is left alone.
    ///
    /// - Parameter limits: The limits of JSON inside a string.
    static func converted(_ value: JSON, to types: TypeSet, limits: JSONLimits) -> (value: JSON, rule: Coercion.Rule)? {
        guard !types.isSuperset(of: .of(value)) else {
            guard case .number(let number) = value, !types.isSuperset(of: .number), !number.isPlainInteger,
                let integer = number.int64
            else { return nil }
            return (.int(integer), .plainInteger)
        }
        return value.string.flatMap { converted($0, to: types, limits) }
    }

    /// The steps of a ``WorkBudget`` that converting a value takes.
    static func work(for value: JSON, to types: TypeSet) -> Int {
        switch value {
        case .number(let number): number.weight / 4
        case .string(let text) where !types.contains(.string) && Self.mayBeJSON(text): 4 + text.utf8.count / 4
        default: 0
        }
    }

    /// The rule by which an allowed value takes the place of one that is written like it.
    static func rule(from value: JSON, toAllowed allowed: JSON) -> Coercion.Rule {
        switch allowed {
        case .number: .numberFromText
        case .bool: .booleanFromText
        case .null: .nullFromText
        default: value.string == nil ? .textFromValue : .valueByCase
        }
    }

    /// True if a text begins like JSON, so that parsing it goes on past its first byte.
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
            // Where an integer is wanted, `"12.0"` becomes what `12.0` would.
            let plain = types.isSuperset(of: .number) ? nil : number.int64.map { JSON.int($0) }
            return (number.isPlainInteger ? value : plain ?? value, .numberFromText)
        case .bool: return types.contains(.boolean) ? (value, .booleanFromText) : nil
        case .null: return types.contains(.null) ? (value, .nullFromText) : nil
        case .object: return types.contains(.object) ? (value, .objectFromText) : nil
        case .array: return types.contains(.array) ? (value, .arrayFromText) : nil
        case .string: return nil
        }
    }

    /// The value of a word in another language: models that learnt from Python write `True` and `None`.
    private static func word(_ text: String, _ types: TypeSet) -> (value: JSON, rule: Coercion.Rule)? {
        switch text {
        case "True" where types.contains(.boolean): (true, .booleanFromText)
        case "False" where types.contains(.boolean): (false, .booleanFromText)
        case _ where types.contains(.null) && isWordForNull(text): (nil, .nullFromText)
        default: nil
        }
    }
}
