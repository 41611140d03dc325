import OllamaClient

/// A model of the server, with its capabilities.
struct ListedModel: Sendable {
    let name: String
    let isRemote: Bool
    let size: Int?
    let parameterSize: String?
    let capabilities: ModelCapabilities?
    /// True if the capabilities are from the table of documented models, because the server does not report them.
    let isFromTable: Bool
    let contextLength: Int?
}
