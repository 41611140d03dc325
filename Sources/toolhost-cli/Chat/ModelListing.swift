import OllamaClient
import OpenAIClient

/// The models of a server.
enum ModelListing {
    private static let atOnce = 4

    /// Returns all models in the server's order, with the details that the server reports.
    static func all(_ server: ModelServer) async throws -> [ListedModel] {
        switch server {
        case .ollama(let client): try await all(client)
        case .openAI(let client): try await client.models().map { listed($0, at: client.endpoint) }
        }
    }

    private static func listed(_ model: OpenAIModel, at endpoint: OllamaEndpoint) -> ListedModel {
        ListedModel(
            name: model.name,
            isRemote: !endpoint.isLoopback,
            size: nil,
            parameterSize: nil,
            capabilities: nil,
            isFromTable: false,
            contextLength: model.contextLength
        )
    }

    /// Returns all models of an Ollama server, with the details of `/api/show`.
    static func all(_ client: OllamaClient) async throws -> [ListedModel] {
        let summaries = try await client.models()
        return try await withThrowingTaskGroup(of: (Int, ListedModel).self) { group in
            var models: [Int: ListedModel] = [:]
            for (index, summary) in summaries.enumerated() {
                if index >= atOnce, let (done, model) = try await group.next() { models[done] = model }
                group.addTask { (index, await listed(summary, client)) }
            }
            for try await (done, model) in group { models[done] = model }
            return summaries.indices.compactMap { models[$0] }
        }
    }

    private static func listed(_ summary: ModelSummary, _ client: OllamaClient) async -> ListedModel {
        // A model without details is listed by its summary.
        let details = try? await client.show(model: summary.name)
        let reported = details?.capabilities ?? summary.capabilities
        let known = reported == nil ? KnownModels.capabilities(of: summary.name) : nil
        return ListedModel(
            name: summary.name,
            isRemote: summary.isRemote || details?.isRemote == true,
            size: summary.size,
            parameterSize: summary.parameterSize,
            capabilities: reported ?? known,
            isFromTable: known != nil,
            contextLength: details?.contextLength ?? summary.contextLength
        )
    }
}
