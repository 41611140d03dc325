import OpenAIClient
import TestSupport
import ToolJSON

/// The outcome of a request: the pieces, and the error that ended them, if any.
struct Completion: Sendable {
    var chunks: [ChatChunk] = []
    var error: OllamaError?

    var content: String { chunks.map(\.message.content).joined() }
    var thinking: String { chunks.compactMap(\.message.thinking).joined() }
    var calls: [OllamaToolCall] { chunks.flatMap(\.message.toolCalls) }
}

extension OpenAIClient {
    /// Sends a request and waits for the end of the answer.
    func completion(of request: ChatRequest = .hello) async throws -> Completion {
        var completion = Completion()
        do {
            for try await chunk in chat(request) { completion.chunks.append(chunk) }
        } catch let error as OllamaError {
            completion.error = error
        }
        return completion
    }
}

extension ChatRequest {
    static let hello = ChatRequest(model: "qwen3", messages: [ChatMessage(role: .user, content: "Hello")])

    /// The same request for an answer in one piece.
    var whole: ChatRequest {
        var request = self
        request.stream = false
        return request
    }
}

extension ScriptedServer {
    func client(
        apiKey: String? = nil,
        timeouts: OpenAIClient.Timeouts = OpenAIClient.Timeouts(),
        maximumBytes: Int = 64 << 20
    ) -> OpenAIClient {
        OpenAIClient(
            baseURL: "http://\(address)/v1",
            apiKey: apiKey,
            timeouts: timeouts,
            maximumBytes: maximumBytes
        )
    }
}

extension ScriptedServer.Reply {
    private static let eventStream = [(name: "Content-Type", value: "text/event-stream")]

    /// A stream of events, each with this data, and the end of the stream after them.
    static func events(_ events: String...) -> Self { .events(events + ["[DONE]"]) }

    /// A stream of events, each with this data.
    static func events(_ events: [String]) -> Self { .stream(events.map { "data: \($0)\n\n" }.joined()) }

    /// A stream of exactly this text, in pieces of a size.
    static func stream(_ text: String, pieces size: Int = .max) -> Self {
        let bytes = Array(text.utf8)
        let size = min(size, max(bytes.count, 1))
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        return Self(headers: eventStream, steps: pieces.map { .bytes($0) })
    }
}

/// The events of a stream in OpenAI's format.
enum Event {
    static let stop = finish("stop")

    static func content(_ text: String) -> String { delta(["content": .string(text)]) }

    static func calls(_ pieces: JSON...) -> String { delta(["tool_calls": .array(pieces)]) }

    static func delta(_ delta: JSON) -> String {
        JSON.object(["choices": [["index": 0, "delta": delta, "finish_reason": nil]]]).text()
    }

    static func finish(_ reason: String) -> String {
        JSON.object(["choices": [["index": 0, "delta": [:], "finish_reason": .string(reason)]]]).text()
    }

    static let usage = #"{"choices":[],"usage":{"prompt_tokens":26,"completion_tokens":9,"total_tokens":35}}"#

    /// Returns the first piece of a call, or a whole call.
    static func call(_ name: String?, _ arguments: String? = nil, id: String? = nil, index: Int? = nil) -> JSON {
        var function: JSONObject = [:]
        function["name"] = name.map { .string($0) }
        function["arguments"] = arguments.map { .string($0) }
        var call: JSONObject = [:]
        call["index"] = index.map { .int($0) }
        call["id"] = id.map { .string($0) }
        call["function"] = .object(function)
        return .object(call)
    }
}

/// Returns the answer of a server that sends one reply.
func completion(of reply: ScriptedServer.Reply, to request: ChatRequest = .hello) async throws -> Completion {
    let server = try ScriptedServer([reply])
    // The server stops when the last reference to it is released.
    defer { server.stop() }
    return try await server.client().completion(of: request)
}
