public import OllamaClient
public import OpenAIClient
public import ToolJSON

extension OpenAIClient: ChatModel {
    /// Returns true if the server is on another computer.
    ///
    /// - Parameter model: The name of the model.
    public func isRemote(_ model: String) -> Bool { !endpoint.isLoopback }

    /// Returns the size of the context window that the server reports for a model.
    ///
    /// No model is loaded: the server has its models from its start, or loads one at the first request.
    ///
    /// - Returns: The size in tokens; nil if the server does not report it.
    /// - Throws: `OllamaError` if the server cannot be reached or refuses the key.
    public func prepare(_ model: String, options: JSONObject, keepAlive: KeepAlive?) async throws -> Int? {
        do {
            return try await models().first { $0.name == model }?.contextLength
        } catch let error as OllamaError where error.status.map({ $0 != 401 }) ?? (error.code == .invalidResponse) {
            // A server may have no list of models, or may still be busy with its start.
            return nil
        }
    }
}
