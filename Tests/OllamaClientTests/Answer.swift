import OllamaClient
import TestSupport
import ToolJSON

/// The outcome of a request: the pieces, and the error that ended them, if any.
struct Answer: Sendable {
    var chunks: [ChatChunk] = []
    var error: OllamaError?

    var content: String { chunks.map(\.message.content).joined() }
    var calls: [OllamaToolCall] { chunks.flatMap(\.message.toolCalls) }
}

extension OllamaClient {
    /// Sends a request and waits for the end of the answer.
    func answer(to request: ChatRequest = .hello) async throws -> Answer {
        var answer = Answer()
        do {
            for try await chunk in chat(request) { answer.chunks.append(chunk) }
        } catch let error as OllamaError {
            answer.error = error
        }
        return answer
    }
}

extension ChatRequest {
    static let hello = ChatRequest(model: "qwen3", messages: [ChatMessage(role: .user, content: "Hello")])
}

extension ScriptedServer {
    func client(
        apiKey: String? = nil,
        timeouts: OllamaClient.Timeouts = OllamaClient.Timeouts(),
        maximumBytes: Int = 64 << 20
    ) -> OllamaClient {
        OllamaClient(
            endpoint: OllamaEndpoint(parsing: address),
            apiKey: apiKey,
            timeouts: timeouts,
            maximumBytes: maximumBytes
        )
    }
}

/// Returns the answer of a server that sends one reply.
func answer(to reply: ScriptedServer.Reply) async throws -> Answer {
    let server = try ScriptedServer([reply])
    // The server stops when the last reference to it is released.
    defer { server.stop() }
    return try await server.client().answer()
}
