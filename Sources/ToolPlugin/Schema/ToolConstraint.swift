import ToolJSON

/// A constraint of an argument, as keywords of its JSON Schema.
public struct ToolConstraint: Sendable {
    private let members: [(String, JSON)]

    private init(_ members: (String, JSON?)...) {
        self.members = members.compactMap { key, value in value.map { (key, $0) } }
    }

    /// The minimum and the maximum of a number.
    public static func bounds(_ range: ClosedRange<Int>) -> ToolConstraint {
        ToolConstraint(("minimum", .int(range.lowerBound)), ("maximum", .int(range.upperBound)))
    }

    /// The minimum and the maximum of a number.
    public static func bounds(_ range: ClosedRange<Double>) -> ToolConstraint {
        ToolConstraint(("minimum", .double(range.lowerBound)), ("maximum", .double(range.upperBound)))
    }

    /// The minimum of a number.
    public static func bounds(_ range: PartialRangeFrom<Int>) -> ToolConstraint {
        ToolConstraint(("minimum", .int(range.lowerBound)))
    }

    /// The minimum of a number.
    public static func bounds(_ range: PartialRangeFrom<Double>) -> ToolConstraint {
        ToolConstraint(("minimum", .double(range.lowerBound)))
    }

    /// The maximum of a number.
    public static func bounds(_ range: PartialRangeThrough<Int>) -> ToolConstraint {
        ToolConstraint(("maximum", .int(range.upperBound)))
    }

    /// The maximum of a number.
    public static func bounds(_ range: PartialRangeThrough<Double>) -> ToolConstraint {
        ToolConstraint(("maximum", .double(range.upperBound)))
    }

    /// A JavaScript regular expression that a string must match.
    public static func pattern(_ expression: String) -> ToolConstraint {
        ToolConstraint(("pattern", .string(expression)))
    }

    /// The minimum and the maximum number of characters of a string.
    public static func length(_ range: ClosedRange<Int>) -> ToolConstraint {
        ToolConstraint(("minLength", .int(range.lowerBound)), ("maxLength", .int(range.upperBound)))
    }

    /// The minimum number of characters of a string.
    public static func length(_ range: PartialRangeFrom<Int>) -> ToolConstraint {
        ToolConstraint(("minLength", .int(range.lowerBound)))
    }

    /// The maximum number of characters of a string.
    public static func length(_ range: PartialRangeThrough<Int>) -> ToolConstraint {
        ToolConstraint(("maxLength", .int(range.upperBound)))
    }

    /// The minimum and the maximum number of elements of an array, a set or a dictionary.
    public static func count(_ range: ClosedRange<Int>) -> ToolConstraint {
        ToolConstraint(("minItems", .int(range.lowerBound)), ("maxItems", .int(range.upperBound)))
    }

    /// The minimum number of elements of an array, a set or a dictionary.
    public static func count(_ range: PartialRangeFrom<Int>) -> ToolConstraint {
        ToolConstraint(("minItems", .int(range.lowerBound)))
    }

    /// The maximum number of elements of an array, a set or a dictionary.
    public static func count(_ range: PartialRangeThrough<Int>) -> ToolConstraint {
        ToolConstraint(("maxItems", .int(range.upperBound)))
    }

    /// Adds the constraint to a schema.
    ///
    /// If the type has a narrower limit, that limit stays.
    func apply(to schema: inout JSONObject) {
        let isObject = schema["type"] == "object" || schema["type"]?.array?.contains("object") == true
        for (key, value) in members {
            let key = isObject ? key.replacingItems : key
            if let old = schema[key]?.number, let new = value.number,
                key == "minimum" && old > new || key == "maximum" && old < new
            {
                continue
            }
            schema[key] = value
        }
    }
}

extension ToolConstraint {
    /// Returns the reason why a value violates the constraint, as the end of a sentence, or nil if it does not.
    ///
    /// Patterns are not checked: a plugin has no engine for JavaScript's expressions.
    func violation(by value: JSON) -> String? {
        for (key, limit) in members {
            let isMinimum = key.hasPrefix("min")
            let (measured, unit) = Self.measure(value, key)
            guard let measured, let limit = limit.number?.double, isMinimum ? measured < limit : measured > limit else {
                continue
            }
            let number = Int(exactly: limit).map { "\($0)" } ?? "\(limit)"
            return "it must \(unit.isEmpty ? "be" : "have") at \(isMinimum ? "least" : "most") \(number)\(unit)"
        }
        return nil
    }

    /// Returns the number that a keyword limits.
    private static func measure(_ value: JSON, _ key: String) -> (Double?, unit: String) {
        switch key {
        case "minimum", "maximum": (value.number?.double, "")
        case "minLength", "maxLength": (value.string.map { Double($0.unicodeScalars.count) }, " characters")
        case "minItems", "maxItems": ((value.array?.count ?? value.object?.count).map(Double.init), " elements")
        default: (nil, "")
        }
    }
}

extension String {
    /// The keyword for objects that corresponds to a keyword for arrays.
    fileprivate var replacingItems: String {
        switch self {
        case "minItems": "minProperties"
        case "maxItems": "maxProperties"
        default: self
        }
    }
}
