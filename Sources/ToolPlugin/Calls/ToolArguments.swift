public import ToolJSON

/// The arguments of a call, or the members of an object among them.
public struct ToolArguments: Sendable {
    /// The object as it came.
    public let object: JSONObject

    /// Takes an object.
    public init(_ value: JSON) throws(ToolValueError) {
        guard let object = value.object else { throw ToolValueError(expected: "an object", found: value) }
        self.object = object
    }

    /// The value of a member; one that is missing is nil for an optional type, and an error for others.
    public func value<Value: ToolValue>(_ name: String) throws(ToolValueError) -> Value {
        if let value = object[name] { return try read(value, name) }
        guard let value = Value.missingToolValue else {
            throw ToolValueError(expected: "a value", found: nil).inside(name)
        }
        return value
    }

    /// The value of a member, or a default where it is missing; null counts as missing where the type has no nil.
    public func value<Value: ToolValue>(
        _ name: String,
        default: @autoclosure () -> Value
    ) throws(ToolValueError) -> Value {
        guard let value = object[name], !value.isNull || Value.missingToolValue != nil else { return `default`() }
        return try read(value, name)
    }

    /// Explains to whoever uses another type what to do about it.
    @available(
        *,
        unavailable,
        message: """
            an argument's type must be String, Bool, an integer, Double, an array, set, dictionary or optional of those, \
            or marked @ToolSchema; for Date, URL, UUID and Data, import ToolPluginFoundation
            """
    )
    public func value<Value>(_ name: String) throws(ToolValueError) -> Value {
        throw ToolValueError(expected: "a value of another type", found: object[name])
    }

    /// Explains to whoever uses another type what to do about it.
    @available(
        *,
        unavailable,
        message: """
            an argument's type must be String, Bool, an integer, Double, an array, set, dictionary or optional of those, \
            or marked @ToolSchema; for Date, URL, UUID and Data, import ToolPluginFoundation
            """
    )
    public func value<Value>(
        _ name: String,
        default: @autoclosure () -> Value
    ) throws(ToolValueError) -> Value {
        throw ToolValueError(expected: "a value of another type", found: object[name])
    }

    private func read<Value: ToolValue>(_ value: JSON, _ name: String) throws(ToolValueError) -> Value {
        do {
            return try Value(toolValue: value)
        } catch {
            throw error.inside(name)
        }
    }
}
