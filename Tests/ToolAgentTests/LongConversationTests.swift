import OllamaClient
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@testable import ToolAgent

@Suite("Conversations that are longer than the window", .timeLimit(.minutes(10)))
struct LongConversationTests {
    private static let result = String(repeating: "result ", count: 100)

    /// A tool with a long result that names its call.
    private struct Look: ProgramTool {
        var schema: JSONObject {
            ["name": "look", "parameters": ["type": "object", "properties": ["n": ["type": "integer"]]]]
        }

        func execute(_ arguments: JSONObject) async throws -> ToolReply {
            .text("\(arguments["n"]?.int ?? -1): " + LongConversationTests.result)
        }
    }

    /// Returns the replies of an exchange with two calls, with counts of a server whose tokens have four bytes.
    private static func exchange(_ number: Int) -> [ScriptedServer.Reply] {
        let calls = Chunk.calls(
            Chunk.call("look", ["n": .int(2 * number)]),
            Chunk.call("look", ["n": .int(2 * number + 1)])
        )
        return [counted(calls), counted(Chunk.content("Answer \(number)"))]
    }

    private static func counted(_ line: String) -> ScriptedServer.Reply {
        .answering { request in
            .lines(line, Chunk.done(counts: ["prompt_eval_count": .int(request.body.count / 4), "eval_count": 5]))
        }
    }

    /// Expects that a request has each call with its results, and alternating roles.
    private func expectValid(_ request: JSON) throws {
        let messages = try #require(request["messages"]?.array).map(ChatMessage.init)
        let overflow = ContextOverflow(messages: messages, windowTokens: nil, targetTokens: 0)
        #expect(overflow.accepts(messages), "\(messages)")
    }

    @Test(
        "a small window silently cuts nothing: 50 exchanges are sent in valid requests, and stored whole (ollama/ollama#18107)"
    )
    func manyExchanges() async throws {
        let scenario = try Scenario(server: (0..<50).flatMap(Self.exchange), tools: [Look()]) {
            $0.options = ["num_ctx": 4096]
            $0.system = "Be brief."
        }
        for number in 0..<50 {
            #expect(try await scenario.respond(to: "Prompt \(number)").text == "Answer \(number)")
        }
        let requests = try scenario.requests()
        #expect(requests.count == 100)
        for request in requests {
            try expectValid(request)
            #expect(request.byteCount(upTo: .max) / 4 <= 4096)
            #expect(request[pointer: "/messages/0/content"] == "Be brief.")
            #expect(request[pointer: "/messages/1/content"]?.string?.hasPrefix("Prompt 0") == true)
        }
        // Stored are all prompts, calls, results and answers.
        let messages = scenario.agent.messages
        #expect(messages.count == 1 + 50 * 5)
        let results = messages.filter { $0.role == .tool }
        for (number, result) in results.enumerated() { #expect(result.content == "\(number): " + Self.result) }
        #expect(results.count == 100 && messages.filter { $0.role == .user }.count == 50)
        // The server can use its cache: only a few requests do not continue the one before.
        let lists = requests.map { $0["messages"]?.array ?? [] }
        let breaks = zip(lists, lists.dropFirst()).count { !$1.starts(with: $0) }
        #expect((1...25).contains(breaks), "\(breaks)")
        let warnings = scenario.events.warnings
        #expect(warnings.count == breaks && warnings.allSatisfy { $0.contains("omit older parts") }, "\(warnings)")
        #expect(scenario.agent.contextUsage.isCompacted)
    }

    @Test("a long series of calls in one response is compacted between the calls")
    func oneResponse() async throws {
        let calls = (0..<30).map { Self.counted(Chunk.calls(Chunk.call("look", ["n": .int($0)]))) }
        let scenario = try Scenario(server: calls + [Self.counted(Chunk.content("Done."))], tools: [Look()]) {
            $0.options = ["num_ctx": 2048]
        }
        #expect(try await scenario.respond(to: "Look often").text == "Done.")
        for request in try scenario.requests() {
            try expectValid(request)
            #expect(request.byteCount(upTo: .max) / 4 <= 2048)
            #expect(request[pointer: "/messages/0/content"]?.string?.hasPrefix("Look often") == true)
        }
        #expect(scenario.agent.messages.count == 62)
        #expect(scenario.events.warnings.count == 1, "one warning in a response")
    }

    @Test("huge results do not flood the window, even if many of them arrive together (huggingface/smolagents#2379)")
    func hugeResults() async throws {
        let calls = (0..<20).map { _ in Chunk.call("huge") }
        let scenario = try Scenario(
            server: [
                .lines(Chunk.done("stop", ["tool_calls": .array(calls)])), Self.counted(Chunk.content("Done.")),
            ],
            tools: [Fixed(name: "huge", output: .text(String(repeating: "huge ", count: 1 << 16)))]
        ) {
            $0.options = ["num_ctx": 8192]
        }
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        let request = try #require(try scenario.requests().last)
        try expectValid(request)
        #expect(request.byteCount(upTo: .max) / 4 <= 8192)
        let results = request["messages"]?.array?.filter { $0["role"] == "tool" } ?? []
        #expect(results.count == 20)
        for result in results { #expect(result["content"]?.string?.contains("characters omitted") == true) }
    }

    @Test("a compacted conversation can be taken back, exchange by exchange")
    func undo() async throws {
        let replies = (0..<12).flatMap(Self.exchange)
        let scenario = try Scenario(server: replies + Self.exchange(20), tools: [Look()]) {
            $0.options = ["num_ctx": 4096]
        }
        for number in 0..<12 { _ = try await scenario.respond(to: "Prompt \(number)") }
        #expect(scenario.agent.contextUsage.isCompacted)
        for number in (2..<12).reversed() { #expect(try scenario.agent.undo()?.content == "Prompt \(number)") }
        #expect(!scenario.agent.contextUsage.isCompacted)
        _ = try await scenario.respond(to: "Other")
        let request = try #require(try scenario.requests().last)
        try expectValid(request)
        let contents = request["messages"]?.array?.compactMap { $0["content"]?.string } ?? []
        #expect(contents.contains("0: " + Self.result) && contents.contains("3: " + Self.result))
        #expect(scenario.agent.messages.count == 15)
    }

    @Test("a stored conversation that is too long is compacted before its first request")
    func resumed() async throws {
        var messages: [ChatMessage] = []
        for number in 0..<50 {
            messages.append(ChatMessage(role: .user, content: "Prompt \(number)"))
            let call = OllamaToolCall(id: "c\(number)", name: "look")
            messages.append(ChatMessage(role: .assistant, toolCalls: [call]))
            messages.append(ChatMessage(role: .tool, content: Self.result, toolName: "look", toolCallID: call.id))
            messages.append(ChatMessage(role: .assistant, content: "Answer"))
        }
        let server = try ScriptedServer([Self.counted(Chunk.content("Hello."))])
        let client = OllamaClient(environment: ["OLLAMA_HOST": server.address])
        var configuration = AgentConfiguration()
        configuration.options = ["num_ctx": 4096]
        let agent = try Agent(
            model: "m",
            client: client,
            host: ToolHost(),
            messages: messages,
            configuration: configuration
        )
        _ = try await agent.respond(to: "And now?").outcome
        #expect(Array(agent.messages.prefix(messages.count)) == messages)
        let request = try server.requests[0].json
        try expectValid(request)
        let sent = try #require(request["messages"]?.array).map(ChatMessage.init)
        #expect(TokenEstimate().tokens(of: sent) <= 2048 && sent.count < messages.count)
        #expect(sent.last?.content == "And now?")
    }

    @Test("without a known window nothing is omitted")
    func unknownWindow() async throws {
        let scenario = try Scenario(server: (0..<20).flatMap(Self.exchange), tools: [Look()])
        for number in 0..<20 { _ = try await scenario.respond(to: "Prompt \(number)") }
        #expect(try scenario.requests().last?["messages"]?.array?.count == 20 * 5 - 1)
        #expect(scenario.events.warnings.isEmpty)
    }

    // MARK: - Refused prompts

    private static let refusal = ScriptedServer.Reply.json(
        #"{"error":"{\"error\":{\"code\":400,\"message\":\"request (9010 tokens) exceeds the available context size "#
            + #"(2048 tokens), try increasing it\",\"type\":\"exceed_context_size_error\"}}"}"#,
        status: 400
    )

    @Test("a prompt that the server refuses as too long is compacted and sent once more", arguments: [nil, 65_536])
    func refused(window: Int?) async throws {
        let replies = (0..<4).flatMap(Self.exchange)
        let scenario = try Scenario(server: replies + [Self.refusal] + Self.exchange(4), tools: [Look()]) {
            if let window { $0.options = ["num_ctx": .int(window)] }
        }
        for number in 0..<5 {
            #expect(try await scenario.respond(to: "Prompt \(number)").text == "Answer \(number)")
        }
        let requests = try scenario.requests()
        let (refused, repeated) = (requests[8], requests[9])
        try expectValid(repeated)
        #expect(repeated.byteCount(upTo: .max) < refused.byteCount(upTo: .max) * 2 / 3)
        #expect(repeated["messages"]?.array?.last == refused["messages"]?.array?.last)
        #expect(scenario.events.retries.count == 1 && scenario.agent.messages.count == 25)
    }

    @Test("a prompt that is refused twice is an error with a remedy, and the conversation stays usable")
    func refusedTwice() async throws {
        let replies = (0..<4).flatMap(Self.exchange)
        let scenario = try Scenario(server: replies + [Self.refusal, Self.refusal] + Self.exchange(4), tools: [Look()])
        for number in 0..<4 { _ = try await scenario.respond(to: "Prompt \(number)") }
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Prompt 4") }
        #expect(error?.code == .contextExceeded && error?.remedy == .shortenConversation)
        #expect(scenario.agent.messages.count == 20)
        #expect(try await scenario.respond(to: "Again").text == "Answer 4")
    }

    @Test("a single prompt that is refused is not sent again")
    func refusedPrompt() async throws {
        let scenario = try Scenario(server: [Self.refusal])
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Too long") }
        #expect(error?.code == .contextExceeded)
        #expect(try scenario.requests().count == 1)
    }

    // MARK: - Strategies

    /// The first ten exchanges with a strategy.
    private func scenario(
        _ strategy: @escaping @Sendable (ContextOverflow) async throws -> [ChatMessage]
    ) async throws -> Scenario {
        let scenario = try Scenario(server: (0..<10).flatMap(Self.exchange), tools: [Look()]) {
            $0.options = ["num_ctx": 4096]
            $0.contextStrategy = strategy
        }
        for number in 0..<10 { _ = try await scenario.respond(to: "Prompt \(number)") }
        for request in try scenario.requests() { try expectValid(request) }
        #expect(scenario.agent.messages.count == 50)
        return scenario
    }

    @Test("a strategy of the program selects the messages of the requests")
    func strategy() async throws {
        let scenario = try await scenario { overflow in
            #expect(overflow.windowTokens == 4096 && overflow.targetTokens < 2048)
            #expect(overflow.tokens(of: overflow.messages) > 2048)
            let last = overflow.messages.lastIndex { $0.role == .user } ?? 0
            return [
                ChatMessage(role: .user, content: "Summary"), ChatMessage(role: .assistant, content: "Understood."),
            ]
                + overflow.messages[last...]
        }
        let request = try #require(try scenario.requests().last)
        #expect(request[pointer: "/messages/0/content"] == "Summary")
        #expect(scenario.events.warnings.allSatisfy { $0.contains("omit older parts") })
    }

    @Test(
        "a strategy that separates a call from its result or drops the end is replaced by the default",
        arguments: ["no result", "no call", "no end", "nothing", "late system", "failure"]
    )
    func invalidStrategy(kind: String) async throws {
        struct Failure: Error {}
        let scenario = try await scenario { overflow in
            var messages = overflow.messages
            switch kind {
            case "no result": messages.remove(at: 2)
            case "no call": messages.remove(at: 1)
            case "no end": messages.removeLast()
            case "nothing": messages = []
            case "late system": messages.insert(ChatMessage(role: .system, content: "x"), at: messages.count - 1)
            default: throw Failure()
            }
            return messages
        }
        #expect(scenario.events.warnings.contains { $0.contains("context strategy failed or returned messages") })
        #expect(scenario.events.warnings.contains { $0.contains("omit older parts") })
    }

    @Test("a strategy can keep everything")
    func everything() async throws {
        let scenario = try await scenario { $0.messages }
        #expect(try scenario.requests().last?["messages"]?.array?.count == 49)
        #expect(scenario.events.warnings.allSatisfy { !$0.contains("omit older parts") })
    }
}
