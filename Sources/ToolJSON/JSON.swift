/// A JSON value that preserves the order of keys and every digit of a number.
///
/// Two values are equal if they have the same meaning. Numbers compare by value (`1.0` equals `1`), strings by code
/// points (not by canonical equivalence), and objects regardless of the order of their keys.
///
/// ```swift
/// let value = try JSON(parsing: #"{"city": "Lyon", "days": 3.0}"#)
/// value["city"]?.string      // "Lyon"
/// value["days"]?.int         // 3
/// value[pointer: "/days"]    // 3.0
/// value.text()               // {"city":"Lyon","days":3.0}
/// ```
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let value): value.hashBytes(into: &hasher)
        case .array(let values): hasher.combine(values)
        case .object(let object): hasher.combine(object)
        }
    }
}

// MARK: - Reading

extension JSON {
    /// The string, or nil if the value is of another type.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The Boolean value, or nil if the value is of another type.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, or nil if the value is of another type.
    public var number: JSONNumber? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The number as an integer, or nil if the value is not a number, has a fraction or exceeds the range of `Int`.
    public var int: Int? {
        number?.int64.map(Int.init)
    }

    /// The elements, or nil if the value is not an array.
    public var array: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, or nil if the value is not an object.
    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// A Boolean value that indicates whether the value is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The value of the member with this name, or nil if the value is not an object or has no such member.
    public subscript(key: String) -> JSON? {
        object?[key]
    }

    /// The JSON Schema name of the value's type, such as `boolean`.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

// MARK: - Literals

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    public init(floatLiteral value: Double) { self = JSONNumber(value).map(JSON.number) ?? .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }
    public init(nilLiteral: ()) { self = .null }
}

extension JSON {
    /// Creates an integer.
    public static func int(_ value: some BinaryInteger) -> JSON {
        .number(JSONNumber(value))
    }

    /// Creates an integer without the conversion of a generic one.
    package static func int(_ value: Int64) -> JSON { .number(JSONNumber(value)) }

    /// Creates a floating-point number, or `null` for infinity and NaN, which JSON cannot represent.
    public static func double(_ value: Double) -> JSON {
        JSONNumber(value).map(JSON.number) ?? .null
    }
}
