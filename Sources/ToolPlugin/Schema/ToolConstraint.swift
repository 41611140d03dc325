import ToolJSON

/// A limit on an argument, as its JSON Schema has it.
public struct ToolConstraint: Sendable {
    private let members: [(String, JSON)]

    private init(_ members: (String, JSON?)...) {
        self.members = members.compactMap { key, value in value.map { (key, $0) } }
    }

    /// The least and the most that a number may be.
    public static func bounds(_ range: ClosedRange<Int>) -> ToolConstraint {
        ToolConstraint(("minimum", .int(range.lowerBound)), ("maximum", .int(range.upperBound)))
    }

    /// The least and the most that a number may be.
    public static func bounds(_ range: ClosedRange<Double>) -> ToolConstraint {
        ToolConstraint(("minimum", .double(range.lowerBound)), ("maximum", .double(range.upperBound)))
    }

    /// The least that a number may be.
    public static func bounds(_ range: PartialRangeFrom<Int>) -> ToolConstraint {
        ToolConstraint(("minimum", .int(range.lowerBound)))
    }

    /// The least that a number may be.
    public static func bounds(_ range: PartialRangeFrom<Double>) -> ToolConstraint {
        ToolConstraint(("minimum", .double(range.lowerBound)))
    }

    /// The most that a number may be.
    public static func bounds(_ range: PartialRangeThrough<Int>) -> ToolConstraint {
        ToolConstraint(("maximum", .int(range.upperBound)))
    }

    /// The most that a number may be.
    public static func bounds(_ range: PartialRangeThrough<Double>) -> ToolConstraint {
        ToolConstraint(("maximum", .double(range.upperBound)))
    }

    /// A regular expression that a text must match, with JavaScript's meaning.
    public static func pattern(_ expression: String) -> ToolConstraint {
        ToolConstraint(("pattern", .string(expression)))
    }

    /// How many characters a text may have.
    public static func length(_ range: ClosedRange<Int>) -> ToolConstraint {
        ToolConstraint(("minLength", .int(range.lowerBound)), ("maxLength", .int(range.upperBound)))
    }

    /// How many characters a text must have.
    public static func length(_ range: PartialRangeFrom<Int>) -> ToolConstraint {
        ToolConstraint(("minLength", .int(range.lowerBound)))
    }

    /// How many characters a text may have.
    public static func length(_ range: PartialRangeThrough<Int>) -> ToolConstraint {
        ToolConstraint(("maxLength", .int(range.upperBound)))
    }

    /// How many elements an array, a set or a dictionary may have.
    public static func count(_ range: ClosedRange<Int>) -> ToolConstraint {
        ToolConstraint(("minItems", .int(range.lowerBound)), ("maxItems", .int(range.upperBound)))
    }

    /// How many elements an array, a set or a dictionary must have.
    public static func count(_ range: PartialRangeFrom<Int>) -> ToolConstraint {
        ToolConstraint(("minItems", .int(range.lowerBound)))
    }

    /// How many elements an array, a set or a dictionary may have.
    public static func count(_ range: PartialRangeThrough<Int>) -> ToolConstraint {
        ToolConstraint(("maxItems", .int(range.upperBound)))
    }

    /// Adds the limit to a schema; where its type has a narrower one, that stays.
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
    /// The reason why the constraint refuses a default value, as the end of a sentence; nil for one that it allows.
    ///
    /// Patterns are not checked: a plugin has no engine for JavaScript's expressions.
    func refusal(of value: JSON) -> String? {
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

    /// The number that a keyword limits.
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
    /// The keyword for an object that this one is for an array.
    fileprivate var replacingItems: String {
        switch self {
        case "minItems": "minProperties"
        case "maxItems": "maxProperties"
        default: self
        }
    }
}
