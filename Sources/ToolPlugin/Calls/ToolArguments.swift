public import ToolJSON

/// The arguments of a call, or the members of an object among them.
public struct ToolArguments: Sendable {
    /// The arguments as the host sent them.
    public let object: JSONObject

    /// Creates arguments from a JSON value.
    ///
    /// - Throws: ``ToolValueError`` if the value is not an object.
    public init(_ value: JSON) throws(ToolValueError) {
        guard let object = value.object else { throw ToolValueError(expected: "an object", found: value) }
        self.object = object
    }

    /// Reads a member.
    ///
    /// - Parameter name: The name of the member.
    /// - Returns: The value, or nil for a missing member of an optional type.
    /// - Throws: ``ToolValueError`` if the member has another type, or is missing and the type is not optional.
    public func value<Value: ToolValue>(_ name: String) throws(ToolValueError) -> Value {
        if let value = object[name] { return try read(value, name) }
        guard let value = Value.missingToolValue else {
            throw ToolValueError(expected: "a value", found: nil).inside(name)
        }
        return value
    }

    /// Reads a member, or returns a default value if the member is missing.
    ///
    /// For a type that is not optional, null counts as missing.
    ///
    /// - Parameters:
    ///   - name: The name of the member.
    ///   - default: The value to return if the member is missing.
    /// - Throws: ``ToolValueError`` if the member has another type.
    public func value<Value: ToolValue>(
        _ name: String,
        default: @autoclosure () -> Value
    ) throws(ToolValueError) -> Value {
        guard let value = object[name], !value.isNull || Value.missingToolValue != nil else { return `default`() }
        return try read(value, name)
    }

    /// Rejects a type that is not a ``ToolValue`` with a helpful message of the compiler.
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

    /// Rejects a type that is not a ``ToolValue`` with a helpful message of the compiler.
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
