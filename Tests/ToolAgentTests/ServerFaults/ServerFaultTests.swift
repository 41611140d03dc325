import Locks
import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolJSON
import ToolPlugin

@Suite("Faults of the server", .timeLimit(.minutes(10)))
struct ServerFaultTests {
    /// A failure of the server, with the number of requests that an agent makes.
    struct Fault: Sendable, CustomTestStringConvertible {
        let id: String
        let reply: ScriptedServer.Reply
        let code: OllamaError.Code
        let requests: Int

        init(_ id: String, _ status: Int, _ message: String, _ code: OllamaError.Code, requests: Int = 1) {
            let body = JSON.object(["error": .string(message)]).text()
            self.init(id, .json(body, status: status), code, requests: requests)
        }

        init(_ id: String, _ reply: ScriptedServer.Reply, _ code: OllamaError.Code, requests: Int = 1) {
            (self.id, self.reply, self.code, self.requests) = (id, reply, code, requests)
        }

        var testDescription: String { id }
    }

    private static let nested =
        #"{"error":{"code":400,"message":"request (9012 tokens) exceeds the available context size (4096 tokens)","#
        + #""type":"exceed_context_size_error","n_prompt_tokens":9012,"n_ctx":4096}}"#

    /// The rows of the table of errors, in its order.
    private static let table: [Fault] = [
        Fault("empty body", 400, "missing request body", .invalidRequest),
        Fault("bad JSON", 400, "json: cannot unmarshal number into Go struct field", .invalidRequest),
        Fault("model empty", 400, "model is required", .invalidRequest),
        Fault("model absent", 404, "model 'qwen3' not found", .modelNotFound),
        Fault("model absent, from the scheduler", 404, #"model "x" not found, try pulling it first"#, .modelNotFound),
        Fault(
            "tools unsupported",
            400,
            "registry.ollama.ai/library/m:latest does not support tools",
            .toolsUnsupported
        ),
        Fault("not a chat model", 400, #""m" does not support chat"#, .chatUnsupported),
        Fault("think unsupported", 400, #""m" does not support thinking"#, .thinkingUnsupported),
        Fault("queue full", 503, "server busy, please try again", .serverBusy, requests: 4),
        Fault("client gone", 499, "request canceled", .requestCancelled),
        Fault("cloud disabled", 403, "ollama cloud is disabled: remote model is unavailable", .forbidden),
        Fault("cloud not signed in", 401, "unauthorized", .unauthorized),
        Fault("cloud unreachable", 502, "dial tcp: no such host", .cloudUnreachable),
        Fault("cloud rate limit", 429, "too many requests", .rateLimited, requests: 4),
        Fault("template failure, roles", 500, "Conversation roles must alternate user/assistant", .invalidRequest),
        Fault("template failure, no query", 500, "no user query found in messages", .invalidRequest),
        Fault("prompt too long, no shift", 400, "prompt is longer than the context length", .contextExceeded),
        Fault("prompt too long, no truncation", 400, nested, .contextExceeded),
        Fault("unreadable call", 500, "error parsing tool call: raw='{' err=x", .toolCallUnparsable, requests: 3),
        Fault("unreadable call, JSON", 500, "failed to parse JSON: x", .toolCallUnparsable, requests: 3),
        Fault("unreadable call, name", 500, "tool 'X' not found", .toolCallUnparsable, requests: 3),
        Fault("unreadable call, XML", 500, "XML syntax error on line 3", .toolCallUnparsable, requests: 3),
        Fault(
            "unreadable call after a piece",
            .lines(Chunk.content("Hi"), #"{"error":"error parsing tool call: raw='{' err=x"}"#),
            .toolCallUnparsable,
            requests: 3
        ),
        Fault("crash", 500, "model runner has unexpectedly stopped, out of memory", .modelCrashed, requests: 2),
        // Failures beside the table.
        Fault(
            "crash with an old log line",
            500,
            "an error was encountered while running the model: exceeds the available context size",
            .modelCrashed,
            requests: 2
        ),
        Fault(
            "crash after a piece",
            .lines(Chunk.thinking("H"), #"{"error":"unexpectedly stopped"}"#),
            .modelCrashed,
            requests: 2
        ),
        Fault("option of another type", 500, #"option "temperature" must be of type float32"#, .invalidRequest),
        Fault("no images", 500, "image input is not supported - hint: mmproj", .imagesUnsupported),
        Fault("unknown", 500, "something is wrong in here", .serverFault, requests: 3),
        Fault("connection closed before a response", .dropped, .incompleteResponse, requests: 2),
        Fault("connection reset before a response", .reset, .incompleteResponse, requests: 2),
        Fault("no piece", .lines([]), .incompleteResponse, requests: 2),
        Fault("no last piece", .lines(Chunk.content("Hi")), .incompleteResponse),
        Fault("a page of another program", .body("<html>", type: "text/html"), .invalidResponse),
    ]

    private static func answer(_ text: String) -> ScriptedServer.Reply {
        .lines(Chunk.content(text), Chunk.done())
    }

    @Test("a failure that stays is thrown after the requests that its class allows", arguments: table)
    func permanent(fault: Fault) async throws {
        let scenario = try Scenario(server: Array(repeating: fault.reply, count: 6), tools: [Bare()])
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Go") }
        #expect(error?.code == fault.code, "\(error?.message ?? "")")
        #expect(try scenario.requests().count == fault.requests)
        #expect(scenario.events.retries.count == fault.requests - 1)
    }

    @Test("a failure that passes is repeated, and the conversation shows no trace of it", arguments: table)
    func passing(fault: Fault) async throws {
        guard fault.requests > 1 else { return }
        let failures = Array(repeating: fault.reply, count: fault.requests - 1)
        let scenario = try Scenario(server: failures + [Self.answer("Done.")], tools: [Bare()])
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(scenario.agent.messages.map(\.content) == ["Go", "Done."])
        #expect(scenario.events.retries.allSatisfy { $0.contains("Retrying automatically") })
    }

    @Test("calls that ran are not run again if the next request fails", arguments: table)
    func afterCalls(fault: Fault) async throws {
        let counter = Counter()
        let call = ScriptedServer.Reply.lines(Chunk.calls(Chunk.call("count", id: "a")), Chunk.done())
        // A connection that is closed when it is used again makes the transport repeat the request as well.
        let reply = ScriptedServer.Reply.answering { request in
            request.text.contains("And now?") ? Self.answer("Done.") : fault.reply
        }
        let scenario = try Scenario(server: [call] + Array(repeating: reply, count: 12), tools: [counter])
        await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Go") }
        #expect(counter.count == 1)
        #expect(try await scenario.respond(to: "And now?").text == "Done.")
        #expect(counter.count == 1)
    }

    @Test("the model gets a hint about a call that could not be read (ollama/ollama#17638)")
    func unreadableCall() async throws {
        let fault =
            #"{"error":"error parsing tool call: raw='{\"city: 1}', err=invalid character 'N' after object key"}"#
        let scenario = try Scenario(
            server: [
                .json(fault, status: 500), .lines(Chunk.calls(Chunk.call("Bare", id: "a")), Chunk.done()),
                .lines(Chunk.thinking("Hm."), fault), Self.answer("Done."),
            ],
            tools: [Bare()]
        )
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        let requests = try scenario.requests().map { $0["messages"]?.array ?? [] }
        #expect(requests.map(\.count) == [1, 1, 3, 5])
        #expect(requests[1][0]["content"]?.string?.contains("(invalid character 'N' after object key)") == true)
        #expect(requests[3][3]["content"] == "(unreadable call)")
        #expect(requests[3][4]["content"]?.string?.contains("could not be read") == true)
        // The hints are no part of the conversation.
        #expect(scenario.agent.messages.map(\.content) == ["Go", "", "bare", "Done."])
        #expect(scenario.events.retries.count == 2)
    }

    @Test("the requests before the first message are repeated as well")
    func preparation() async throws {
        let busy = ScriptedServer.Reply.json(#"{"error":"server busy"}"#, status: 503)
        let crash = ScriptedServer.Reply.json(#"{"error":"model runner has unexpectedly stopped"}"#, status: 500)
        let scenario = try Scenario(
            server: [
                busy, .json(#"{"capabilities":["tools"]}"#), crash, .json(#"{"done":true,"done_reason":"load"}"#),
                .json(#"{"models":[{"name":"qwen3:latest","context_length":4096}]}"#), Self.answer("Done."),
            ],
            details: nil,
            tools: [Bare()]
        ) { ($0.checksCapabilities, $0.learnsContextSize) = (true, true) }
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(
            scenario.paths == ["/api/show", "/api/show", "/api/chat", "/api/chat", "/api/ps", "/api/chat"]
        )
        #expect(scenario.events.retries.count == 2)
        #expect(try scenario.requests().last?["options"] == ["num_ctx": 4096])
    }

    @Test("a busy server is asked again after the time that it names")
    func retryAfter() async throws {
        var busy = ScriptedServer.Reply.json(#"{"error":"too many requests"}"#, status: 429)
        busy.headers.append(("Retry-After", "7"))
        let pauses = Lock<[Duration]>([])
        let scenario = try Scenario(server: [busy, busy, Self.answer("Done.")]) {
            $0.pause = { pause in pauses.withLock { $0.append(pause) } }
        }
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(pauses.withLock(\.self) == [.seconds(7), .seconds(7)])
        #expect(scenario.events.retries.last?.contains("Retrying automatically in 7 s (2 of 3).") == true)
    }

    @Test(
        "a time that no agent waits, and a header of another form, do not delay anything",
        arguments: [("3600", 1), ("-1", 4), ("Fri, 31 Dec 1999 23:59:59 GMT", 4), ("99999999999999999999", 4), ("", 4)]
    )
    func unusableRetryAfter(value: String, requests: Int) async throws {
        var busy = ScriptedServer.Reply.json(#"{"error":"too many requests"}"#, status: 429)
        busy.headers.append(("Retry-After", value))
        let scenario = try Scenario(server: Array(repeating: busy, count: 4))
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Go") }
        #expect(try scenario.requests().count == requests)
        #expect(error?.retryAfter == (requests == 1 ? .seconds(3600) : nil))
        #expect(error?.message.contains(requests == 1 ? "Try again in 3600 s." : "Try again later.") == true)
    }

    @Test("cancelling during a pause ends the response at once")
    func cancelledPause() async throws {
        let pausing = AsyncStream<Void>.makeStream()
        let scenario = try Scenario(server: [.json(#"{"error":"server busy"}"#, status: 503)]) {
            $0.pause = { _ in
                pausing.continuation.yield()
                try await Task.sleep(for: .seconds(3600))
            }
        }
        let response = scenario.agent.respond(to: "Go")
        let outcome = Task { try await response.outcome }
        for await _ in pausing.stream { break }
        response.cancel()
        #expect(try await outcome.value.reason == .cancelled)
        #expect(scenario.paths == ["/api/chat"])
    }
}
