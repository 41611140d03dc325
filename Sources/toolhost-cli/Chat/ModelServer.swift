import OllamaClient
import OpenAIClient
import ToolAgent

/// The server of the models, with the client for its protocol.
enum ModelServer: Sendable {
    case ollama(OllamaClient)
    case openAI(OpenAIClient)

    /// Creates the client for the server that the environment names.
    init(_ api: ModelAPI, timeouts: OllamaClient.Timeouts = OllamaClient.Timeouts()) {
        let environment = ProcessEnvironment.all
        self =
            switch api {
            case .ollama: .ollama(OllamaClient(environment: environment, timeouts: timeouts))
            case .openai: .openAI(OpenAIClient(environment: environment, timeouts: timeouts))
            }
    }

    /// The client for an agent.
    var chatModel: any ChatModel {
        switch self {
        case .ollama(let client): client
        case .openAI(let client): client
        }
    }

    var endpoint: OllamaEndpoint {
        switch self {
        case .ollama(let client): client.endpoint
        case .openAI(let client): client.endpoint
        }
    }

    /// Returns the names of the models in the server's order.
    func modelNames() async throws -> [String] {
        switch self {
        case .ollama(let client): try await client.models().map(\.name)
        case .openAI(let client): try await client.models().map(\.name)
        }
    }

    /// Returns the size of the context window of a model in tokens, or nil if the model is not loaded or it is unknown.
    func contextLength(of model: String) async throws -> Int? {
        switch self {
        case .ollama(let client): try await client.running().first { $0.isNamed(model) }?.contextLength
        case .openAI(let client): try await client.models().first { $0.name == model }?.contextLength
        }
    }

    /// Returns the capabilities of a model, or nil if the server does not report them.
    ///
    /// - Throws: `OllamaError` if an Ollama server does not have the model. Another server is not asked, because some
    ///   accept any name.
    func capabilities(of model: String) async throws -> ModelCapabilities? {
        switch self {
        case .ollama(let client): try await client.show(model: model).capabilities
        case .openAI: nil
        }
    }
}
