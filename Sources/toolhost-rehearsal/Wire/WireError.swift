import ToolJSON

/// The reason why a request is refused, with the status of the response.
struct WireError: Error, Equatable {
    let status: Int
    let message: String

    /// Returns the error for a value of the wrong type.
    static func wrongType(_ field: String, of path: String, wanted: String) -> WireError {
        WireError(status: 400, message: "json: cannot unmarshal \(path).\(field): it must be \(wanted)")
    }

    /// Returns the error for a model that is not served.
    static func noSuchModel(_ name: String) -> WireError {
        WireError(status: 404, message: "model '\(String(name.prefix(200)))' not found")
    }

    /// The body of the response.
    var body: JSON { ["error": .string(message)] }
}

/// Throws unless a value of a request satisfies a condition.
func require(_ value: JSON, _ path: String, _ wanted: String, _ holds: (JSON) -> Bool) throws(WireError) {
    guard !holds(value) else { return }
    throw WireError(
        status: 400,
        message: "json: cannot unmarshal \(value.typeName) into \(path): it must be \(wanted)"
    )
}

/// Returns the string in a field, or nil if the field is missing or null.
func text(_ value: JSON?, _ path: String) throws(WireError) -> String? {
    guard let value, !value.isNull else { return nil }
    try require(value, path, "a string") { $0.string != nil }
    return value.string
}

/// Returns the Boolean value in a field, or nil if the field is missing or null.
func flag(_ value: JSON?, _ path: String) throws(WireError) -> Bool? {
    guard let value, !value.isNull else { return nil }
    try require(value, path, "true or false") { $0.bool != nil }
    return value.bool
}
