import ToolJSON

/// A request that is refused, with the status and the words of the answer.
struct WireError: Error, Equatable {
    let status: Int
    let message: String

    /// The error for a value of another type than the protocol has there.
    static func wrongType(_ field: String, of path: String, wanted: String) -> WireError {
        WireError(status: 400, message: "json: cannot unmarshal \(path).\(field): it must be \(wanted)")
    }

    /// The error for a model that is not served.
    static func noSuchModel(_ name: String) -> WireError {
        WireError(status: 404, message: "model '\(String(name.prefix(200)))' not found")
    }

    /// The answer's body.
    var body: JSON { ["error": .string(message)] }
}

/// Checks one value of a request.
func require(_ value: JSON, _ path: String, _ wanted: String, _ holds: (JSON) -> Bool) throws(WireError) {
    guard !holds(value) else { return }
    throw WireError(
        status: 400,
        message: "json: cannot unmarshal \(value.typeName) into \(path): it must be \(wanted)"
    )
}

/// The text of a field; `nil` where it is absent or null.
func text(_ value: JSON?, _ path: String) throws(WireError) -> String? {
    guard let value, !value.isNull else { return nil }
    try require(value, path, "a string") { $0.string != nil }
    return value.string
}

/// The truth value of a field; `nil` where it is absent or null.
func flag(_ value: JSON?, _ path: String) throws(WireError) -> Bool? {
    guard let value, !value.isNull else { return nil }
    try require(value, path, "true or false") { $0.bool != nil }
    return value.bool
}
