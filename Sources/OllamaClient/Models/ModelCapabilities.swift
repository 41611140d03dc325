import ToolJSON

/// The capabilities of a model, as servers name them.
public struct ModelCapabilities: Sendable, Hashable {
    /// The names: `completion`, `tools`, `thinking`, `vision` and others.
    public let names: Set<String>

    /// Creates the capabilities with some names.
    public init(_ names: some Sequence<String>) { self.names = Set(names) }

    /// A Boolean value that indicates whether the model can call tools.
    public var tools: Bool { names.contains("tools") }
    /// A Boolean value that indicates whether the model can report its thoughts before it answers.
    public var thinking: Bool { names.contains("thinking") }
    /// A Boolean value that indicates whether the model can read images.
    public var vision: Bool { names.contains("vision") }

    /// Reads the capabilities in a response, or nil if the server does not report them.
    init?(_ json: JSON?) {
        // Older servers omit the list, so its absence does not mean that the model has no capabilities.
        guard let names = json?.array else { return nil }
        self.init(names.compactMap(\.string))
    }
}
