import ToolJSON

/// A model that a server has, from `/api/tags`.
public struct ModelSummary: Sendable, Hashable {
    /// The full name.
    public let name: String
    /// A Boolean value that indicates whether the model runs in the cloud or on another server.
    public let isRemote: Bool
    /// The size on disk in bytes, or nil if the server does not report it.
    public let size: Int?
    /// The number of parameters in words, such as "8.2B", or nil if the server does not report it.
    public let parameterSize: String?
    /// The capabilities, or nil if the server does not report them.
    public let capabilities: ModelCapabilities?
    /// The maximum size of the context window in tokens, or nil if the server does not report it.
    public let contextLength: Int?

    init?(_ json: JSON) {
        guard let name = json["name"]?.string ?? json["model"]?.string, !name.isEmpty else { return nil }
        self.name = name
        isRemote = json["remote_host"]?.string?.isEmpty == false || json["remote_model"]?.string?.isEmpty == false
        size = json["size"]?.int(in: ServerRange.bytes)
        parameterSize = json[pointer: "/details/parameter_size"]?.string
        capabilities = ModelCapabilities(json["capabilities"])
        contextLength = json[pointer: "/details/context_length"]?.int(in: ServerRange.contextLength)
    }
}
