import ToolJSON

/// A call that a model printed as text instead of making it.
struct PrintedCall: Sendable, Equatable {
    let name: String
    let arguments: JSONObject
    /// The text of the call, for the search in results and documents.
    let source: String

    /// Creates a call.
    ///
    /// - Parameter source: The text of the call, or nil if it is JSON.
    init(name: String, arguments: JSONObject, source: String? = nil) {
        self.name = name
        self.arguments = arguments
        self.source =
            source ?? JSON.object(["name": .string(name), "arguments": .object(arguments)]).text()
    }
}
