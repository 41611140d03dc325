import OllamaClient
import ToolJSON

/// The choice of a model if the user names none.
enum ModelChoice {
    /// Returns the first loaded model that can call tools, or the only model of a server of another protocol.
    ///
    /// - Throws: ``CommandError`` with the models that can be named.
    static func loaded(_ server: ModelServer) async throws -> String {
        switch server {
        case .ollama(let client): return try await loaded(client)
        case .openAI: return try only(of: try await server.modelNames())
        }
    }

    private static func only(of names: [String]) throws(CommandError) -> String {
        if names.count == 1 { return names[0] }
        guard !names.isEmpty else {
            throw CommandError(.server, "The server lists no models. Load one, and name it with -m.")
        }
        throw CommandError(
            .server,
            "The server has \(names.count) models. Name one with -m MODEL: \(names.joined(separator: ", "), limit: 600)."
        )
    }

    private static func loaded(_ client: OllamaClient) async throws -> String {
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
                No model is loaded, and the server has no model that is known to call tools. Download one, for example with \
                `ollama pull qwen3`, and name it with -m.
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
    /// Returns a sentence with the models of the server, nearest first, for an error about an unknown model.
    ///
    /// - Returns: The sentence; an empty string for other errors.
    static func advice(about error: OllamaError, _ model: String?, _ server: ModelServer) async -> String {
        guard error.code == .modelNotFound, let model, let models = try? await server.modelNames(), !models.isEmpty
        else {
            return ""
        }
        let (question, shown) = NearNames(models).suggestions(for: model, limit: 16)
        let rest = models.count > shown.count ? " and \(models.count - shown.count) more" : ""
        return "\(question) The server has: \(shown.joined(separator: ", "))\(rest)."
    }
}
