import OpenAIClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("A broken server of OpenAI's protocol", .timeLimit(.minutes(10))) struct BrokenServerTests {
    private static let type = "text/event-stream"
    private static let body = [
        Event.content("Hi"), Event.calls(Event.call("add", #"{"a":1}"#, id: "c", index: 0)), Event.stop, "[DONE]",
    ].map { "data: \($0)\n\n" }.joined()

    @Test("a response in an unusual form is read, and any other one is an error", arguments: BrokenResponse.all)
    func forms(_ response: BrokenResponse) async throws {
        let answer = try await completion(of: response.reply(Self.body, type: Self.type))
        #expect(answer.error?.code.description == response.code, "\(String(describing: answer.error))")
        if response.code == nil { #expect(answer.content == "Hi" && answer.calls.map(\.name) == ["add"]) }
    }

    @Test("a connection that is reset at any byte leaves no call, unless the answer was complete")
    func resets() async throws {
        let count = Self.body.utf8.count + 80
        let server = try ScriptedServer((0..<count).map { .reset(after: $0, of: Self.body, type: Self.type) })
        defer { server.stop() }
        let client = server.client()
        for count in 0..<count {
            let answer = try await client.completion()
            #expect(answer.calls.isEmpty || answer.chunks.last?.done == true, "\(count)")
            #expect((answer.chunks.last?.done == true) == (answer.error == nil), "\(count): \(answer)")
        }
    }

    @Test("a line of more than 64 MiB is rejected")
    func longLine() async throws {
        let reply = ScriptedServer.Reply.longLine(
            beginning: #"data: {"choices":[{"delta":{"content":""#,
            type: Self.type
        )
        let answer = try await completion(of: reply)
        #expect(answer.chunks.isEmpty && answer.error?.code == .invalidResponse)
    }

    @Test(
        "endless comments and empty events end when the task is cancelled",
        arguments: [": keep-alive\n\n", "data: {}\n\n"]
    )
    func endless(_ text: String) async throws {
        var reply = ScriptedServer.Reply.stream(String(repeating: text, count: 10_000), pieces: 4096)
        reply.steps += [.wait(ScriptedServer.Gate())]
        let server = try ScriptedServer([reply])
        defer { server.stop() }
        let client = server.client()
        let task = Task { try await client.completion() }
        _ = await server.request(0)
        task.cancel()
        #expect(await server.outcome(of: 0) == .clientClosed)
        _ = await task.result
    }

    @Test(
        "bytes that are not UTF-8 become U+FFFD",
        arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF8, 0x88]] as [[UInt8]]
    )
    func invalidUTF8(_ bytes: [UInt8]) async throws {
        var body = Array(Self.body.utf8)
        let position = try #require(body.firstRange(of: Array("Hi".utf8))).upperBound
        body.insert(contentsOf: bytes, at: position)
        let answer = try await completion(
            of: ScriptedServer.Reply(headers: [("Content-Type", Self.type)], steps: [.bytes(body)])
        )
        #expect(answer.error == nil && answer.content.hasPrefix("Hi\u{FFFD}"), "\(answer)")
    }

    @Test("control characters in prompts, arguments and results reach the server unchanged")
    func controlCharacters() async throws {
        let text = (0..<0x20).map { String(Unicode.Scalar(UInt8($0))) }.joined() + "\u{7F}\u{9B}\u{202E}\u{FEFF}\"\\"
        let server = try ScriptedServer([.events(Event.stop)])
        defer { server.stop() }
        let call = OllamaToolCall(id: text, name: text, arguments: ["a": .string(text)])
        let request = ChatRequest(
            model: "m",
            messages: [
                ChatMessage(role: .user, content: text), ChatMessage(role: .assistant, toolCalls: [call]),
                ChatMessage(role: .tool, content: text, toolCallID: text),
            ]
        )
        #expect(try await server.client().completion(of: request).error == nil)
        let sent = try server.requests[0].json
        #expect(
            sent[pointer: "/messages/0/content"]?.string == text && sent[pointer: "/messages/2/content"]?.string == text
        )
        #expect(sent[pointer: "/messages/1/tool_calls/0/function/name"]?.string == text)
        let arguments = try #require(sent[pointer: "/messages/1/tool_calls/0/function/arguments"]?.string)
        #expect(try JSON(parsing: arguments) == ["a": .string(text)])
    }

    // MARK: - Wrong types

    /// A tool that accepts everything.
    private struct Anything: ProgramTool {
        let schema: JSONObject = ["name": "add", "parameters": ["type": "object", "properties": [:]]]

        func execute(_ arguments: JSONObject) async throws -> ToolReply { "ok" }
    }

    private static let event: JSON = [
        "id": "x", "object": "chat.completion.chunk", "model": "m",
        "choices": [
            [
                "index": 0, "finish_reason": "tool_calls",
                "delta": [
                    "role": "assistant", "content": "Hi", "reasoning_content": "Hm",
                    "tool_calls": [
                        [
                            "index": 0, "id": "c", "type": "function",
                            "function": ["name": "add", "arguments": "{\"a\":1}"],
                        ]
                    ],
                ],
            ]
        ], "usage": ["prompt_tokens": 1, "completion_tokens": 2], "timings": ["prompt_ms": 1, "predicted_ms": 2],
    ]

    @Test(
        "with a member of any type in any place, each call has one result and the answer ends",
        arguments: [true, false]
    )
    func wrongTypes(_ isStreamed: Bool) async throws {
        var variants = Self.event.variants
        if !isStreamed { variants = variants.map { JSON(renaming: "delta", to: "message", in: $0) } }
        #expect(variants.count > 200)
        let host = ToolHost()
        try host.register(Tool(Anything()))
        for variant in variants {
            let server = try ScriptedServer(
                Array(
                    repeating: .answering { request in
                        if request.text.contains(#""role":"tool""#) {
                            return isStreamed
                                ? .events(Event.content("Done."), Event.stop)
                                : .json(#"{"choices":[{"message":{"content":"Done."},"finish_reason":"stop"}]}"#)
                        }
                        return isStreamed ? .events(variant.text()) : .json(variant.text())
                    },
                    count: 8
                )
            )
            defer { server.stop() }
            var configuration = AgentConfiguration()
            configuration.learnsContextSize = false
            configuration.streams = isStreamed
            let agent = Agent(model: "m", client: server.client(), host: host, configuration: configuration)
            do {
                _ = try await agent.respond(to: "Go").outcome
            } catch let error as OllamaError {
                #expect(!error.message.isEmpty)
            }
            let calls = agent.messages.flatMap { $0.toolCalls.map(\.id) }
            let results = agent.messages.filter { $0.role == .tool }.map(\.toolCallID)
            #expect(calls == results, "\(variant)")
        }
    }
}

extension JSON {
    /// Creates a copy of a value in which the members with a name have another name.
    fileprivate init(renaming name: String, to other: String, in value: JSON) {
        switch value {
        case .object(let members):
            self = .object(
                JSONObject(
                    members.map { ($0.key == name ? other : $0.key, JSON(renaming: name, to: other, in: $0.value)) }
                )
            )
        case .array(let elements): self = .array(elements.map { JSON(renaming: name, to: other, in: $0) })
        default: self = value
        }
    }
}
