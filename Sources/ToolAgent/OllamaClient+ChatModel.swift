public import OllamaClient
public import ToolJSON

extension OllamaClient: ChatModel {
    /// Loads a model, and returns the size of the context window that the server reports for it.
    ///
    /// - Returns: The size in tokens; nil if the server does not report it or cannot preload models.
    /// - Throws: `OllamaError` if the server cannot be reached or does not have the model.
    public func prepare(_ model: String, options: JSONObject, keepAlive: KeepAlive?) async throws -> Int? {
        do {
            try await preload(model, options: options, keepAlive: keepAlive)
            return try await running().first { $0.isNamed(model) }?.contextLength
        } catch let error as OllamaError where [.invalidRequest, .invalidResponse, .serverFault].contains(error.code) {
            // Some servers of this protocol cannot preload, or do not report which models are loaded.
            return nil
        }
    }
}
