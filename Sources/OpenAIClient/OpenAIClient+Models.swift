import OllamaClient
import ToolJSON

extension OpenAIClient {
    /// Returns the models that the server offers, or an empty array.
    ///
    /// - Throws: `OllamaError`, or `CancellationError` if the task is cancelled.
    public func models() async throws -> [OpenAIModel] {
        let response = try await server.send(.get, "/models")
        let bytes = try await server.collect(response)
        let json: JSON
        do {
            json = try JSONDocument(repairing: bytes, maximumCalls: .max, limits: JSONLimits()).value
        } catch {
            throw OllamaError.notJSON(
                bytes,
                error.description,
                status: response.status,
                kind: .openAI,
                underlyingError: error
            )
        }
        if let failure = CompletionFailure.error(in: json) { throw failure }
        return (json["data"]?.array ?? []).compactMap(OpenAIModel.init)
    }
}
