public import OllamaClient
public import ToolJSON

extension OllamaClient: ChatModel {
    /// Returns true if the server is on another computer, or the name is that of a model in Ollama's cloud.
    ///
    /// - Parameter model: The name of the model.
    public func isRemote(_ model: String) -> Bool {
        !endpoint.isLoopback || model.hasSuffix(":cloud") || model.hasSuffix("-cloud")
    }

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

    /// Returns the details of a model from `/api/show`.
    ///
    /// - Returns: The details; nil if the server does not report them.
    /// - Throws: `OllamaError` if the server cannot be reached or does not have the model.
    public func details(of model: String) async throws -> ModelDetails? {
        do {
            return try await show(model: model)
        } catch let error as OllamaError where error.isAboutDetails {
            return nil
        }
    }

    /// Returns names of models of the server that have a capability, at most eight.
    public func models(with capability: String) async throws -> [String] {
        var names: [String] = []
        for model in try await models().prefix(64) where names.count < 8 {
            var capabilities = model.capabilities
            // The list of models omits capabilities that the details have.
            if capabilities?.names.contains(capability) != true {
                capabilities = try? await show(model: model.name).capabilities
            }
            if capabilities?.names.contains(capability) == true { names.append(model.name) }
        }
        return names
    }
}

extension OllamaError {
    /// True if the server does not report details, and may serve other requests.
    fileprivate var isAboutDetails: Bool {
        [.invalidRequest, .invalidResponse, .serverFault, .forbidden, .incompleteResponse].contains(code)
    }
}
