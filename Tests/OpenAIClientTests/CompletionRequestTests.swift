import OpenAIClient
import TestSupport
import Testing
import ToolJSON

@Suite("A request for a completion", .timeLimit(.minutes(10))) struct CompletionRequestTests {
    private func sent(_ request: ChatRequest) async throws -> ScriptedServer.Request {
        let server = try ScriptedServer([request.stream ? .events(Event.stop) : .json(#"{"choices":[]}"#)])
        defer { server.stop() }
        let answer = try await server.client().completion(of: request)
        if let error = answer.error { throw error }
        return server.requests[0]
    }

    @Test("a small request has no optional members")
    func small() async throws {
        let request = try await sent(.hello)
        #expect(request.path == "/v1/chat/completions")
        #expect(request.header("accept")?.contains("text/event-stream") == true)
        #expect(
            request.text
                == #"{"model":"qwen3","messages":[{"role":"user","content":"Hello"}],"stream":true,"#
                + #""stream_options":{"include_usage":true}}"#
        )
        #expect(
            try await sent(ChatRequest.hello.whole).text
                == #"{"model":"qwen3","messages":[{"role":"user","content":"Hello"}],"stream":false}"#
        )
    }

    @Test("calls, results and images have the form of OpenAI's protocol")
    func conversation() async throws {
        var request = ChatRequest(
            model: "m",
            messages: [
                ChatMessage(role: .system, content: "Be brief."),
                ChatMessage(role: .user, content: "Look", images: [[0xFF, 0xD8, 0xFF], [1]]),
                ChatMessage(
                    role: .assistant,
                    content: "",
                    thinking: "Hm.",
                    images: [[9]],
                    toolCalls: [
                        OllamaToolCall(id: "c1", name: "add", arguments: ["a": 1]),
                        OllamaToolCall(name: "sub", arguments: #"{"b": 2}"#),
                        OllamaToolCall(name: "cut", arguments: #"{"b":"#),
                    ]
                ),
                ChatMessage(
                    role: .tool,
                    content: "2",
                    images: [Array("GIF89a".utf8)],
                    toolName: "add",
                    toolCallID: "c1"
                ),
                ChatMessage(role: .tool, content: "3", toolName: "sub"),
                ChatMessage(role: .tool, content: "4", images: [Array("RIFF....WEBP".utf8)]),
                ChatMessage(role: .assistant, content: "Done.", thinking: "Over."),
            ]
        )
        request.tools = [["type": "function", "function": ["name": "add", "parameters": ["type": "object"]]]]
        let json = try await sent(request).json
        let expected = try JSON(
            parsing: #"""
                [{"role":"system","content":"Be brief."},
                 {"role":"user","content":[{"type":"text","text":"Look"},
                    {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,/9j/"}},
                    {"type":"image_url","image_url":{"url":"data:image/png;base64,AQ=="}}]},
                 {"role":"assistant","content":"","reasoning_content":"Hm.","tool_calls":[
                    {"id":"c1","type":"function","function":{"name":"add","arguments":"{\"a\":1}"}},
                    {"id":"call_2","type":"function","function":{"name":"sub","arguments":"{\"b\":2}"}},
                    {"id":"call_3","type":"function","function":{"name":"cut","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"c1","name":"add","content":"2"},
                 {"role":"tool","tool_call_id":"call_2","name":"sub","content":"3"},
                 {"role":"tool","tool_call_id":"call_3","content":"4"},
                 {"role":"user","content":[{"type":"text","text":"The images of the results above:"},
                    {"type":"image_url","image_url":{"url":"data:image/gif;base64,R0lGODlh"}},
                    {"type":"image_url","image_url":{"url":"data:image/webp;base64,UklGRi4uLi5XRUJQ"}}]},
                 {"role":"assistant","content":"Done."}]
                """#
        )
        #expect(json["messages"] == expected)
        #expect(json["tools"] == .array(request.tools))
    }

    @Test("options of Ollama get the names of OpenAI's protocol, and those of a server's start are not sent")
    func options() async throws {
        var request = ChatRequest.hello
        request.options = [
            "num_ctx": 8192, "num_gpu": 1, "temperature": 0.5, "num_predict": 100, "stop": ["END"], "top_k": 40,
            "seed": 7,
        ]
        request.think = .level("max")
        request.keepAlive = KeepAlive("5m")
        request.format = ["type": "object"]
        let json = try await sent(request).json
        var members = try #require(json.object)
        for name in ["model", "messages", "stream", "stream_options"] { members[name] = nil }
        #expect(
            .object(members) == [
                "temperature": 0.5, "max_tokens": 100, "stop": ["END"], "top_k": 40, "seed": 7,
                "reasoning_effort": "high",
                "response_format": [
                    "type": "json_schema", "json_schema": ["name": "answer", "schema": ["type": "object"]],
                ],
            ]
        )
        request.options = ["num_predict": -1]
        request.think = .off
        request.format = "json"
        let other = try await sent(request).json
        #expect(other["max_tokens"] == nil && other["reasoning_effort"] == "none")
        #expect(other["response_format"] == ["type": "json_object"])
    }

    @Test(
        "an option that would replace another member is refused",
        arguments: ["messages", "model", "stream", "tools", "n"]
    )
    func reservedOption(_ name: String) async throws {
        let server = try ScriptedServer([.events(Event.stop)])
        defer { server.stop() }
        var request = ChatRequest.hello
        request.options[name] = 1
        let error = try await server.client().completion(of: request).error
        #expect(error?.code == .invalidRequest && error?.message.contains("\"\(name)\"") == true)
        #expect(server.requests.isEmpty)
    }

    @Test("a server that refuses to count tokens is asked again without, once")
    func refusedUsage() async throws {
        let refusal = ScriptedServer.Reply.json(
            #"{"error":{"message":"Unrecognized request argument supplied: stream_options","code":400}}"#,
            status: 400
        )
        let server = try ScriptedServer([refusal, .events(Event.content("Hi"), Event.stop), .events(Event.stop)])
        defer { server.stop() }
        let client = server.client()
        #expect(try await client.completion().content == "Hi")
        #expect(try await client.completion().error == nil)
        #expect(try server.requests.map { try $0.json["stream_options"] != nil } == [true, false, false])
    }

    @Test("a refused amount of thinking is reported as such")
    func refusedThinking() async throws {
        let server = try ScriptedServer([
            .json(#"{"error":{"message":"Unknown field: reasoning_effort"}}"#, status: 400)
        ])
        defer { server.stop() }
        var request = ChatRequest.hello
        request.think = .level("low")
        #expect(try await server.client().completion(of: request).error?.code == .thinkingUnsupported)
    }
}
