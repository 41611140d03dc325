import OllamaClient
import ToolJSON

/// Chooses the model if none was named.
enum ModelChoice {
    /// A loaded model that can call tools.
    ///
    /// - Throws: ``CommandError`` that lists the models that could be named.
    static func loaded(_ client: OllamaClient) async throws -> String {
        for model in try await client.running()
        where try await client.show(model: model.name).capabilities?.tools == true {
            return model.name
        }
        let models = try await ModelListing.all(client)
        let able = models.filter { $0.capabilities?.tools == true }.map(\.name)
        if able.isEmpty {
            throw CommandError(
                .server,
                """
                No model is loaded, and the server has none that is known to call tools. Fetch one, `ollama pull qwen3` \
                say, and name it with -m.
                """
            )
        }
        let names = able.joined(separator: ", ")
        throw CommandError(
            .server,
            "No loaded model can call tools. Name one with -m MODEL or TOOLHOST_MODEL; these can: \(names, limit: 600)."
        )
    }
}

extension ModelChoice {
    /// The models of the server, nearest first, for the message about one that it does not have; "" for other errors.
    static func advice(about error: OllamaError, _ model: String?, _ client: OllamaClient) async -> String {
        guard error.code == .modelNotFound, let model, let models = try? await client.models(), !models.isEmpty else {
            return ""
        }
        let (question, shown) = NearNames(models.map(\.name)).suggestions(for: model, limit: 16)
        let rest = models.count > shown.count ? " and \(models.count - shown.count) more" : ""
        return "\(question) The server has: \(shown.joined(separator: ", "))\(rest)."
    }
}

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

/// The models of a server.
enum ModelListing {
    private static let atOnce = 4

    /// All models, in the server's order, with what `/api/show` adds.
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
        let said = details?.capabilities ?? summary.capabilities
        let known = said == nil ? KnownModels.capabilities(of: summary.name) : nil
        return ListedModel(
            name: summary.name,
            isRemote: summary.isRemote || details?.isRemote == true,
            size: summary.size,
            parameterSize: summary.parameterSize,
            capabilities: said ?? known,
            isFromTable: known != nil,
            contextLength: details?.contextLength ?? summary.contextLength
        )
    }
}
