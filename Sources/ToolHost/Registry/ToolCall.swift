public import ToolJSON

/// A call of a tool, as a model or a user requested it.
public struct ToolCall: Sendable, Hashable {
    /// The caller's identifier of the call, which the result has too.
    ///
    /// It can be nil and need not be unique.
    public var id: String?

    /// The name of the tool.
    public var name: String

    /// The arguments as they were sent.
    ///
    /// An object, the JSON text of an object and an array with one object are accepted. `null` and an empty string
    /// count as `{}`. A call with any other value gets the result ``ToolStatus/invalidArguments``.
    public var arguments: JSON

    /// The origin of the call: a call that the user entered needs no confirmation by the user.
    public var origin: CallOrigin

    /// Creates a call.
    public init(id: String? = nil, name: String, arguments: JSON = [:], origin: CallOrigin = .model) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.origin = origin
    }
}
