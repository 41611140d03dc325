public import ToolJSON

/// The details of a model, from `/api/show`.
public struct ModelDetails: Sendable, Hashable {
    /// The capabilities, or nil if the server does not report them.
    public let capabilities: ModelCapabilities?
    /// The maximum size of the context window in tokens, or nil if the server does not report it.
    public let contextLength: Int?
    /// A Boolean value that indicates whether the model runs in the cloud or on another server.
    public let isRemote: Bool
    /// The response as received.
    public let raw: JSON

    /// Creates the details from the JSON value that a server sent.
    ///
    /// No value is rejected: a member that is missing or of another type is treated as not reported.
    public init(_ json: JSON) {
        capabilities = ModelCapabilities(json["capabilities"])
        let information = json["model_info"]?.object ?? [:]
        let architecture = information["general.architecture"]?.string ?? ""
        let length =
            information["\(architecture).context_length"]
            ?? information.first { $0.key.hasSuffix(".context_length") }?.value
        contextLength = length?.int(in: ServerRange.contextLength)
        isRemote = json["remote_host"]?.string?.isEmpty == false || json["remote_model"]?.string?.isEmpty == false
        raw = json
    }
}
