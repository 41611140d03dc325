public import ToolJSON

/// One call of a tool, as a model or a person asked for it.
public struct ToolCall: Sendable, Hashable {
    /// The caller's own mark, handed back with the answer.
    ///
    /// It need not be there, nor be unique.
    public var id: String?

    /// The tool's name.
    public var name: String

    /// The arguments as they came.
    ///
    /// An object is taken as it is, JSON text inside a string is parsed; `null`, an empty text and nothing at all count
    /// as no arguments. Anything else is answered with an error.
    public var arguments: JSON

    /// One call.
    public init(id: String? = nil, name: String, arguments: JSON = [:]) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
