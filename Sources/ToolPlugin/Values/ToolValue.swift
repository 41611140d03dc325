public import ToolJSON

/// A type that an argument of a tool can have, and what a model is told of it.
///
/// The standard types conform, and `@ToolSchema` makes an enum or a struct conform. A type of your own may do it by hand:
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
    /// The JSON Schema of such a value.
    static var toolSchema: JSONObject { get }

    /// Reads a value.
    ///
    /// The host has held it to the schema already; what the schema cannot say is left to this.
    init(toolValue: JSON) throws(ToolValueError)

    /// The value as JSON, as ``init(toolValue:)`` reads it.
    var toolValue: JSON { get }

    /// What a missing argument means; `nil` where it must be there.
    static var missingToolValue: Self? { get }
}

extension ToolValue {
    /// It must be there.
    public static var missingToolValue: Self? { nil }
}

extension ToolValue where Self: RawRepresentable, RawValue: ToolValue {
    /// The schema of the raw value.
    public static var toolSchema: JSONObject { RawValue.toolSchema }

    /// Reads a raw value.
    public init(toolValue: JSON) throws(ToolValueError) {
        guard let value = Self(rawValue: try RawValue(toolValue: toolValue)) else {
            throw ToolValueError(expected: "one of the values of \(Self.self)", found: toolValue)
        }
        self = value
    }

    /// The raw value.
    public var toolValue: JSON { rawValue.toolValue }
}

/// A value that stands in JSON as one piece: null only where JSON has no form for it.
package protocol ToolScalar: ToolValue {}
