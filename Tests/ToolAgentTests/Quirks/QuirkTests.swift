import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

/// Servers that refuse what the template or the server of a family refuses, with the error of the real one.
@Suite("Quirks of model families", .timeLimit(.minutes(10)))
struct QuirkTests {
    private static func refusal(_ cause: String) -> ScriptedServer.Reply {
        let trace =
            "Unable to generate parser for this template. Automatic parser generation failed: \n------------\n"
            + "While executing CallExpression at line 62, column 36 in source:\n...\n   ^\nError: Jinja Exception: \(cause)"
        let inner = JSON.object(["error": ["code": 400, "message": .string(trace), "type": "invalid_request_error"]])
        return .json(JSON.object(["error": .string(inner.text())]).text(), status: 400)
    }

    /// Returns a reply that a server sends only to a request that it can read.
    private static func checked(
        _ reply: ScriptedServer.Reply,
        _ cause: String,
        unless canRead: @escaping @Sendable ([JSON]) -> Bool
    ) -> ScriptedServer.Reply {
        .answering { request in
            let messages = (try? request.json["messages"]?.array) ?? []
            return canRead(messages) ? reply : refusal(cause)
        }
    }

    private static let two = ScriptedServer.Reply.lines(
        Chunk.calls(Chunk.call("Bare", id: "Ocr9yoAjQGcfyGyncS0inpc4sQDuzKxh"), Chunk.call("Bare", id: "call_2")),
        Chunk.done()
    )
    private static let answer = ScriptedServer.Reply.lines(Chunk.content("Done."), Chunk.done())

    private static let hasShortIDs: @Sendable ([JSON]) -> Bool = { messages in
        let ids = messages.flatMap { message in
            (message["tool_calls"]?.array ?? []).map { $0["id"]?.string } + [message["tool_call_id"]?.string]
        }
        return ids.compactMap(\.self).allSatisfy { $0.count == 9 && $0.allSatisfy { $0.isLetter || $0.isNumber } }
    }
    private static let hasSingleCalls: @Sendable ([JSON]) -> Bool = { messages in
        messages.allSatisfy { ($0["tool_calls"]?.array?.count ?? 0) < 2 }
    }

    /// The quirks of templates: the cause of the refusal, and a function that returns true for readable messages.
    private static let templates: [(cause: String, canRead: @Sendable ([JSON]) -> Bool)] = [
        ("Tool call IDs should be alphanumeric strings with length 9!", hasShortIDs),
        ("This model only supports single tool-calls at once!", hasSingleCalls),
    ]

    @Test("a template that refuses the history gets it in its form from then on", arguments: templates.indices)
    func template(index: Int) async throws {
        let (cause, canRead) = Self.templates[index]
        let replies = [Self.two, Self.answer, Self.answer, Self.two, Self.answer, Self.answer]
        let scenario = try Scenario(
            server: replies.map { Self.checked($0, cause, unless: canRead) },
            tools: [Bare()]
        )
        // The refused request takes a reply of the script: the one after it is sent to the repeated request.
        #expect(try await scenario.respond(to: "One").text == "Done.")
        #expect(scenario.events.retries.count == 1 && scenario.events.retries[0].contains(cause))
        #expect(try await scenario.respond(to: "Two").text == "Done.")
        #expect(scenario.events.retries.count == 1)
        #expect(try scenario.requests().count == 5)
        // The conversation keeps the calls as the model made them.
        let calls = scenario.agent.messages.filter { !$0.toolCalls.isEmpty }
        #expect(calls.map(\.toolCalls.count) == [2, 2])
        #expect(calls[0].toolCalls.map(\.id) == ["Ocr9yoAjQGcfyGyncS0inpc4sQDuzKxh", "call_2"])
    }

    @Test("a template with both quirks is mended twice")
    func both() async throws {
        let (first, second) = (Self.templates[0], Self.templates[1])
        let reply = ScriptedServer.Reply.answering { request in
            let messages = (try? request.json["messages"]?.array) ?? []
            if messages.count == 1 { return Self.two }
            guard first.canRead(messages) else { return Self.refusal(first.cause) }
            return second.canRead(messages) ? Self.answer : Self.refusal(second.cause)
        }
        let scenario = try Scenario(server: Array(repeating: reply, count: 6), tools: [Bare()])
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(scenario.events.retries.count == 2)
    }

    @Test("a refusal that the other form does not mend is thrown", arguments: templates.indices)
    func incurable(index: Int) async throws {
        let refusal = Self.refusal(Self.templates[index].cause)
        let scenario = try Scenario(server: [Self.two, refusal, refusal, refusal], tools: [Bare()])
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Go") }
        #expect(error?.message.contains(Self.templates[index].cause) == true)
        #expect(try scenario.requests().count == 3)
    }

    @Test("a model that thinks although its server refuses the request to think is asked without it")
    func thinking() async throws {
        let checked = ScriptedServer.Reply.answering { request in
            let thinks = (try? request.json["think"]) == true
            return thinks
                ? .json(#"{"error":"\"gemma4:native\" does not support thinking"}"#, status: 400)
                : .lines(Chunk.thinking("Hm."), Chunk.content("Done."), Chunk.done())
        }
        // The server of the first response accepts the request, as after a change of the model.
        let accepted = ScriptedServer.Reply.lines(Chunk.thinking("Hm."), Chunk.content("Done."), Chunk.done())
        let scenario = try Scenario(server: [accepted, checked, checked, checked]) { $0.think = .on }
        for prompt in ["One", "Two", "Three"] { #expect(try await scenario.respond(to: prompt).text == "Done.") }
        #expect(
            scenario.events.retries.count == 1 && scenario.events.retries[0].contains("without the request to think")
        )
        #expect(try scenario.requests().map { $0["think"] } == [true, true, nil, nil])
    }

    @Test("images of results that the model cannot read do not end the conversation (ollama/ollama#16038)")
    func unreadableImages() async throws {
        let image = ContentPart(mediaType: "image/png", bytes: [1, 2, 3])
        let checked = ScriptedServer.Reply.answering { request in
            let messages = (try? request.json["messages"]?.array) ?? []
            guard messages.contains(where: { $0["images"] != nil }) else { return Self.answer }
            return .json(#"{"error":"image input is not supported - hint: you may need the mmproj"}"#, status: 500)
        }
        let call = ScriptedServer.Reply.lines(Chunk.calls(Chunk.call("shot", id: "a")), Chunk.done())
        let scenario = try Scenario(
            server: [call, checked, checked, checked],
            tools: [Fixed(name: "shot", output: ToolReply([.text("Here."), image]))]
        )
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(try await scenario.respond(to: "And?").text == "Done.")
        #expect(scenario.events.retries.count == 1)
        let result = try #require(try scenario.requests().last?["messages"]?.array?.first { $0["role"] == "tool" })
        #expect(result["content"]?.string?.contains("this model cannot read") == true)
        // The conversation keeps the images for another model.
        #expect(scenario.agent.messages.first { $0.role == .tool }?.images == [[1, 2, 3]])
    }

    @Test("a renderer that ignores images in results gets them in a message of the user (ollama/ollama#16038)")
    func imagesAfterResults() async throws {
        let image = ContentPart(mediaType: "image/png", bytes: [1, 2, 3])
        let call = ScriptedServer.Reply.lines(Chunk.calls(Chunk.call("shot", id: "a")), Chunk.done())
        let scenario = try Scenario(
            server: [call, Self.answer],
            details: .json(#"{"capabilities":["tools","vision"],"renderer":"ministral"}"#),
            tools: [Fixed(name: "shot", output: ToolReply([.text("Here."), image]))]
        ) { $0.checksCapabilities = true }
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        let messages = try #require(try scenario.requests().last?["messages"]?.array)
        #expect(messages.map { $0["role"] } == ["user", "assistant", "tool", "user"])
        #expect(messages.map { $0["images"]?.array?.count ?? 0 } == [0, 0, 0, 1])
        #expect(scenario.agent.messages.map(\.role) == [.user, .assistant, .tool, .assistant])
    }

    @Test(
        "tools with the names of built-in tools of gpt-oss get other names in its requests (odysseus-dev/odysseus#5877)"
    )
    func reservedNames() async throws {
        let scenario = try Scenario(
            server: [
                .lines(Chunk.calls(Chunk.call("tool_python", id: "a"), Chunk.call("Bare", id: "b")), Chunk.done()),
                Self.answer,
            ],
            details: .json(#"{"details":{"family":"gptoss"},"capabilities":["tools","thinking"]}"#),
            tools: [Fixed(name: "python", output: "42"), Bare()]
        ) { $0.checksCapabilities = true }
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(scenario.events.results.map(\.call.name).sorted() == ["Bare", "python"])
        #expect(scenario.events.results.allSatisfy { $0.status == .ok })
        let requests = try scenario.requests()
        for request in requests {
            let names = request["tools"]?.array?.compactMap { $0[pointer: "/function/name"]?.string }
            #expect(names == ["Bare", "tool_python"])
        }
        let sent = requests[1]["messages"]?.array ?? []
        #expect(sent[1][pointer: "/tool_calls/0/function/name"] == "tool_python")
        #expect(sent[2]["tool_name"] == "tool_python" && sent[3]["tool_name"] == "Bare")
        #expect(scenario.agent.messages[1].toolCalls.map(\.name) == ["python", "Bare"])
    }

    @Test("a server that decodes no array of types gets single types")
    func types() async throws {
        let checked = ScriptedServer.Reply.answering { request in
            let tool = (try? request.json[pointer: "/tools/0/function/parameters/properties/x/type"]) ?? .null
            return tool.array == nil
                ? Self.answer
                : .json(
                    #"{"error":"json: cannot unmarshal array into Go struct field .tools.function.parameters.properties.type of type string"}"#,
                    status: 400
                )
        }
        let scenario = try Scenario(server: [checked, checked, checked], tools: [AnyValue()])
        for prompt in ["One", "Two"] { #expect(try await scenario.respond(to: prompt).text == "Done.") }
        #expect(scenario.events.retries.count == 1)
    }

    /// A tool with a parameter that accepts every value.
    private struct AnyValue: ProgramTool {
        var schema: JSONObject {
            ["name": "any", "parameters": ["type": "object", "properties": ["x": ["description": "A value."]]]]
        }

        func execute(_ arguments: JSONObject) async throws -> ToolReply { "fine" }
    }
}
