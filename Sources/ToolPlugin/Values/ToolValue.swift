public import ToolJSON

/// A type for the arguments of tools, with a JSON Schema that describes it to the model.
///
/// The standard types conform, and `@ToolSchema` makes an enum or a struct conform. Other types can conform by hand:
///
/// ```swift
/// extension Color: ToolValue {
///     static var toolSchema: JSONObject { ["type": "string", "pattern": "^#[0-9a-f]{6}$"] }
///     init(toolValue: JSON) throws(ToolValueError) {
///         guard let color = toolValue.string.flatMap(Color.init(hexadecimal:)) else {
///             throw ToolValueError(expected: "a color like #ff8000", found: toolValue)
///         }
///         self = color
///     }
///     var toolValue: JSON { .string(hexadecimal) }
/// }
/// ```
public protocol ToolValue: Sendable {
    /// The JSON Schema of the type.
    static var toolSchema: JSONObject { get }

    /// Creates a value from JSON.
    ///
    /// The host has already validated the JSON against the schema. This initializer checks what a schema cannot
    /// express.
    ///
    /// - Throws: ``ToolValueError`` if the JSON is not a value of the type.
    init(toolValue: JSON) throws(ToolValueError)

    /// The value as JSON, in the format that ``init(toolValue:)`` reads.
    var toolValue: JSON { get }

    /// The value of a missing argument, or nil if the argument is required. Default: nil.
    static var missingToolValue: Self? { get }
}

extension ToolValue {
    /// Nil: the argument is required.
    public static var missingToolValue: Self? { nil }
}

extension ToolValue where Self: RawRepresentable, RawValue: ToolValue {
    /// The schema of the raw value.
    public static var toolSchema: JSONObject { RawValue.toolSchema }

    /// Creates a value from its raw value.
    public init(toolValue: JSON) throws(ToolValueError) {
        guard let value = Self(rawValue: try RawValue(toolValue: toolValue)) else {
            throw ToolValueError(expected: "one of the values of \(Self.self)", found: toolValue)
        }
        self = value
    }

    /// The raw value.
    public var toolValue: JSON { rawValue.toolValue }
}
