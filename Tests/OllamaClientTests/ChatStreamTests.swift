import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("The stream of an answer", .timeLimit(.minutes(10))) struct ChatStreamTests {
    private static let done = #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}"#

    private static func call(_ name: String, _ arguments: String, id: String? = nil, index: Int? = nil) -> String {
        let id = id.map { #""id":"\#($0)","# } ?? ""
        let index = index.map { #""index":\#($0),"# } ?? ""
        return #"{\#(id)"function":{\#(index)"name":"\#(name)","arguments":\#(arguments)}}"#
    }

    private static func calls(_ calls: String..., done: Bool = false) -> String {
        #"{"message":{"role":"assistant","content":"","tool_calls":[\#(calls.joined(separator: ","))]},"done":\#(done)}"#
    }

    // MARK: - Positions of calls

    @Test(
        "tool calls are read from any piece of the answer",
        arguments: [
            // In a separate piece before the last one.
            [calls(call("add", #"{"a":1}"#, id: "c1", index: 0), call("sub", "{}", id: "c2", index: 1)), done],
            // In the last piece.
            [calls(call("add", #"{"a":1}"#, id: "c1", index: 0), call("sub", "{}", id: "c2", index: 1), done: true)],
            // One call in each piece, each with index 0.
            [
                calls(call("add", #"{"a":1}"#, id: "c1", index: 0)), calls(call("sub", "{}", id: "c2", index: 0)), done,
            ],
            // Without any index.
            [calls(call("add", #"{"a":1}"#, id: "c1")), calls(call("sub", "{}", id: "c2"), done: true)],
        ]
    )
    func callPositions(_ lines: [String]) async throws {
        let answer = try await answer(to: .lines(lines))
        #expect(answer.error == nil)
        #expect(answer.calls.map(\.name) == ["add", "sub"])
        #expect(answer.calls.map(\.id) == ["c1", "c2"])
        #expect(answer.calls.map(\.arguments) == [["a": 1], [:]])
        #expect(answer.chunks.last?.done == true)
    }

    @Test("the last piece ends the answer although the connection stays open")
    func lastPiece() async throws {
        let answer = try await answer(to: .hanging(Self.done))
        #expect(answer.error == nil)
        #expect(answer.chunks.map(\.done) == [true])
    }

    @Test("thoughts, text and calls keep their order")
    func order() async throws {
        let answer = try await answer(
            to: .lines(
                #"{"message":{"role":"assistant","content":"","thinking":"Hm"},"done":false}"#,
                #"{"message":{"role":"assistant","content":"","thinking":"m."},"done":false}"#,
                #"{"message":{"role":"assistant","content":"Let me see"},"done":false}"#,
                Self.calls(Self.call("add", "{}")),
                #"{"message":{"role":"assistant","content":", then."},"done":false}"#,
                #"{"model":"qwen3","message":{"role":"assistant","content":""},"done":true,"done_reason":"length","#
                    + #""total_duration":3000000007,"load_duration":12,"prompt_eval_count":26,"eval_count":9}"#
            )
        )
        #expect(answer.chunks.compactMap(\.message.thinking) == ["Hm", "m."])
        #expect(answer.content == "Let me see, then.")
        #expect(answer.chunks.map(\.message.toolCalls.count) == [0, 0, 0, 1, 0, 0])
        let last = try #require(answer.chunks.last)
        #expect(last.doneReason == "length")
        #expect(last.promptEvalCount == 26)
        #expect(last.evalCount == 9)
        #expect(last.totalDuration == .nanoseconds(3_000_000_007))
        #expect(last.loadDuration == .nanoseconds(12))
    }

    // MARK: - Responses of old and unusual servers

    @Test(
        "arguments of any type are accepted and sent back as an object",
        arguments: [("null", "{}"), (#""""#, "{}"), (#""{\"a\": [1]}""#, #"{"a":[1]}"#), ("[1]", "{}"), ("7", "{}")]
    )
    func argumentTypes(_ arguments: String, _ echo: String) async throws {
        let calls = try await answer(to: .lines(Self.calls(Self.call("f", arguments)), Self.done)).calls
        #expect(calls.map(\.arguments) == [try JSON(parsing: arguments)])
        #expect(calls.map(\.id) == [nil])
        let message = ChatMessage(role: .assistant, toolCalls: calls).json
        #expect(message[pointer: "/tool_calls/0/function/arguments"]?.text() == echo)
    }

    @Test("missing arguments are sent back as an empty object")
    func missingArguments() async throws {
        let calls = try await answer(to: .lines(#"{"message":{"tool_calls":[{"function":{"name":"f"}}]},"done":true}"#))
            .calls
        #expect(calls.map(\.arguments) == [nil])
        #expect(
            ChatMessage(role: .assistant, toolCalls: calls).json[pointer: "/tool_calls"]?.text()
                == #"[{"function":{"name":"f","arguments":{}}}]"#
        )
    }

    @Test("unknown keys are accepted and sent back in their order")
    func unknownKeys() async throws {
        let call =
            #"{"zeta":1,"id":"c1","function":{"name":"f","extra":[true],"arguments":{"b":9007199254740993,"a":{"z":1e20,"y":"<é>"}}},"alpha":null}"#
        let answer = try await answer(
            to: .lines(
                #"{"model":"m","created_at":"2025-01-01T00:00:00.123456789+02:00","new":{},"message":{"role":"assistant","#
                    + #""content":null,"mood":"calm","tool_calls":[\#(call)]},"done":true,"done_reason":"stop","logprobs":[]}"#
            )
        )
        #expect(answer.error == nil)
        #expect(answer.content == "")
        let echo = ChatMessage(role: .assistant, toolCalls: answer.calls).json[pointer: "/tool_calls/0"]
        #expect(echo?.text() == call)
        #expect(answer.chunks.first?.raw["created_at"] == "2025-01-01T00:00:00.123456789+02:00")
    }

    @Test(
        "an empty message is an answer",
        arguments: [#"{"done":true}"#, #"{"message":null,"done":true}"#, #"{"message":{},"done":true,"error":null}"#]
    )
    func emptyAnswer(_ line: String) async throws {
        let answer = try await answer(to: .lines(line))
        #expect(answer.error == nil)
        #expect(answer.chunks.map(\.message) == [ChatMessage(role: .assistant)])
    }

    // MARK: - Division of the bytes

    @Test("the stream is read the same however it is divided", arguments: ["\n", "\r\n", "\n\n"], [true, false])
    func division(_ end: String, _ hasLastEnd: Bool) async throws {
        let text = [#"{"message":{"content":"Grüße 👋"},"done":false}"#, Self.done].joined(separator: end)
        let bytes = Array((text + (hasLastEnd ? end : "")).utf8)
        for size in [1, 2, 3, 7, bytes.count] {
            let pieces = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            let answer = try await answer(to: .pieces(pieces))
            #expect(answer.error == nil)
            #expect(answer.content == "Grüße 👋")
            #expect(answer.chunks.count == 2)
        }
    }

    @Test("an answer that is not streamed is one piece")
    func notStreamed() async throws {
        let server = try ScriptedServer([
            .json(#"{"message":{"role":"assistant","content":"Hi","tool_calls":[]},"done":true}"#)
        ])
        defer { server.stop() }
        var request = ChatRequest.hello
        request.stream = false
        let answer = try await server.client().answer(to: request)
        #expect(answer.content == "Hi")
        #expect(answer.chunks.count == 1)
        #expect(try server.requests[0].json["stream"] == false)
    }

    @Test("a second task that reads an answer at the same time gets an error, and the first one goes on")
    func twoReaders() async throws {
        let gate = ScriptedServer.Gate()
        let server = try ScriptedServer([ScriptedServer.Reply.lines(Self.done).held(by: gate)])
        defer { server.stop() }
        let stream = server.client().chat(.hello)
        let first = Task { try await stream.reduce(0) { count, _ in count + 1 } }
        _ = await server.request(0)
        let error = await #expect(throws: OllamaError.self) { for try await _ in stream {} }
        #expect(error?.code == .invalidRequest)
        gate.open()
        #expect(try await first.value == 1)
    }

    // MARK: - Failures

    @Test("a stream that ends without its last piece throws after its pieces", arguments: [true, false])
    func missingLastPiece(_ isDropped: Bool) async throws {
        var reply = ScriptedServer.Reply.lines(
            #"{"message":{"content":"Once"},"done":false}"#,
            Self.calls(Self.call("f", "{}"))
        )
        if isDropped { reply.steps.append(.drop) }
        let answer = try await answer(to: reply)
        #expect(answer.content == "Once")
        #expect(answer.calls.map(\.name) == ["f"])
        #expect(answer.error?.code == .incompleteResponse)
    }

    @Test("an empty stream is reported as incomplete")
    func emptyStream() async throws {
        let answer = try await answer(to: .lines([]))
        #expect(answer.chunks.isEmpty)
        #expect(answer.error?.code == .incompleteResponse)
    }

    @Test("an error line ends the stream after the pieces before it")
    func errorLine() async throws {
        let answer = try await answer(
            to: .lines(
                #"{"message":{"content":"Once"},"done":false}"#,
                #"{"error":"error parsing tool call: raw='{' err=unexpected end"}"#,
                Self.done
            )
        )
        #expect(answer.content == "Once")
        #expect(answer.chunks.count == 1)
        #expect(answer.error?.code == .toolCallUnparsable)
        #expect(answer.error?.isRetryable == true)
    }

    @Test("the status in an error line is reported")
    func errorLineStatus() async throws {
        let answer = try await answer(to: .lines(#"{"StatusCode":429,"Status":"429 Too Many","error":"slow down"}"#))
        #expect(answer.error?.code == .rateLimited)
        #expect(answer.error?.status == 429)
    }

    @Test("an error line without a message is reported as a server fault")
    func emptyErrorLine() async throws {
        let failure = try #require(try await answer(to: .lines(#"{"error":""}"#)).error)
        #expect(failure.code == .serverFault)
        #expect(!failure.message.contains("status 0"), "\(failure.message)")
    }

    @Test(
        "a line that is not an object is reported and quoted",
        arguments: ["<html>", "{\"message\":", "data: {}", "{\"message\":{\"content\":\"\\u12\"}}", "17", "[]"]
    )
    func invalidLine(_ line: String) async throws {
        let answer = try await answer(to: .lines(#"{"message":{"content":"Once"},"done":false}"#, line, Self.done))
        #expect(answer.content == "Once")
        #expect(answer.error?.code == .invalidResponse)
        #expect(answer.error?.message.contains(line) == true)
    }

    @Test("a line that ends in the middle is reported as invalid")
    func truncatedLine() async throws {
        let answer = try await answer(to: .pieces([Array(#"{"message":{"content":"On"#.utf8)]))
        #expect(answer.chunks.isEmpty)
        #expect(answer.error?.code == .invalidResponse)
    }

    @Test("an answer beyond the size limit is rejected", arguments: [true, false])
    func sizeLimit(_ isStreamed: Bool) async throws {
        let server = try ScriptedServer([
            .lines(#"{"message":{"content":"\#(String(repeating: "x", count: 1000))"},"done":true}"#)
        ])
        defer { server.stop() }
        var request = ChatRequest.hello
        request.stream = isStreamed
        let answer = try await server.client(maximumBytes: 1000).answer(to: request)
        #expect(answer.chunks.isEmpty)
        #expect(answer.error?.code == .invalidResponse)
        #expect(answer.error?.message.contains("1000") == true)
    }

    @Test("a stream may be longer than the size limit of a line")
    func longStream() async throws {
        let line = #"{"message":{"content":"\#(String(repeating: "x", count: 100))"},"done":false}"#
        let server = try ScriptedServer([.lines(Array(repeating: line, count: 50) + [Self.done])])
        defer { server.stop() }
        let answer = try await server.client(maximumBytes: 1000).answer()
        #expect(answer.error == nil)
        #expect(answer.content.count == 5000)
    }
}
