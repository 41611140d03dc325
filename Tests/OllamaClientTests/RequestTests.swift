import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("A request to a server", .timeLimit(.minutes(10))) struct RequestTests {
    private static let done = ScriptedServer.Reply.lines(#"{"message":{"content":""},"done":true}"#)

    private func sent(_ request: ChatRequest) async throws -> String {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        _ = try await server.client().answer(to: request)
        return server.requests[0].text
    }

    @Test("a small request has no optional members")
    func small() async throws {
        let text = try await sent(.hello)
        #expect(text == #"{"model":"qwen3","messages":[{"role":"user","content":"Hello"}],"stream":true}"#)
    }

    @Test("a full request has all members in a fixed order")
    func full() async throws {
        var request = ChatRequest(
            model: "qwen3:8b",
            messages: [
                ChatMessage(role: .system, content: "Be brief."),
                ChatMessage(role: .user, content: "What is this?", images: [[1, 2, 3]]),
                ChatMessage(
                    role: .assistant,
                    thinking: "Hm.",
                    toolCalls: [OllamaToolCall(id: "c1", name: "add", arguments: ["b": 2, "a": 1])]
                ),
                ChatMessage(role: .tool, content: "", toolName: "add", toolCallID: "c1"),
            ]
        )
        request.tools = [OllamaTools.tool(for: ["name": "add"])]
        request.format = "json"
        request.stream = false
        request.think = .level("max")
        request.keepAlive = KeepAlive("5m")
        request.options = ["temperature": 0, "num_ctx": 8192]
        let text = try await sent(request)
        #expect(text == request.json.text())
        #expect(
            text == #"{"model":"qwen3:8b","messages":[{"role":"system","content":"Be brief."},"#
                + #"{"role":"user","content":"What is this?","images":["AQID"]},"#
                + #"{"role":"assistant","content":"","thinking":"Hm.","tool_calls":[{"id":"c1","#
                + #""function":{"name":"add","arguments":{"b":2,"a":1}}}]},"#
                + #"{"role":"tool","content":"","tool_name":"add","tool_call_id":"c1"}],"#
                + #""tools":[{"type":"function","function":{"name":"add","#
                + #""parameters":{"type":"object","properties":{}}}}],"stream":false,"think":"max","#
                + #""format":"json","keep_alive":"5m","options":{"temperature":0,"num_ctx":8192}}"#
        )
    }

    @Test(
        "the amount of thinking is sent as a Boolean value or a level",
        arguments: [("true", "true"), ("false", "false"), ("low", #""low""#), ("max", #""max""#)]
    )
    func thinking(_ text: String, _ json: String) async throws {
        var request = ChatRequest.hello
        request.think = ThinkLevel(text)
        #expect(request.think != nil)
        #expect(try await sent(request).hasSuffix(#""stream":true,"think":\#(json)}"#))
        #expect(ThinkLevel("a lot") == nil)
    }

    @Test("an id that is assigned later is sent back first")
    func assignedID() {
        var call = OllamaToolCall(["function": ["name": "f", "arguments": ["b": 1, "a": 2]], "x": 1])
        call.id = "new"
        #expect(
            ChatMessage(role: .assistant, toolCalls: [call]).json[pointer: "/tool_calls/0"]?.text()
                == #"{"id":"new","function":{"name":"f","arguments":{"b":1,"a":2}},"x":1}"#
        )
    }

    @Test("the headers describe the body, without an origin or a key")
    func headers() async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        _ = try await server.client().answer()
        let request = server.requests[0]
        #expect(request.method == "POST")
        #expect(request.path == "/api/chat")
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("host") == server.address)
        // A server refuses requests from unknown web pages.
        #expect(request.header("origin") == nil)
        #expect(request.header("authorization") == nil)
    }

    @Test("a path of the endpoint is sent before the path of the request")
    func basePath() async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        let client = OllamaClient(environment: ["OLLAMA_HOST": "http://\(server.address)/behind/a/proxy/"])
        _ = try await client.answer()
        #expect(server.requests.map(\.path) == ["/behind/a/proxy/api/chat"])
    }

    // MARK: - The key

    @Test("the key is sent to this machine")
    func key() async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        let client = OllamaClient(environment: ["OLLAMA_HOST": server.address, "OLLAMA_API_KEY": "secret"])
        _ = try await client.answer()
        #expect(server.requests[0].header("authorization") == "Bearer secret")
    }

    @Test("the key is withheld over plain HTTP from a host that may be another machine")
    func keyInTheClear() async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        // The resolver reads this host as 127.0.0.1. The client does not, because it must not guess.
        let client = OllamaClient(environment: ["OLLAMA_HOST": "127.1:\(server.port)", "OLLAMA_API_KEY": "secret"])
        #expect(try await client.answer().error == nil)
        #expect(server.requests.map { $0.header("authorization") } == [nil])
    }

    @Test("an empty key is not sent")
    func emptyKey() async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        _ = try await server.client(apiKey: "").answer()
        #expect(server.requests[0].header("authorization") == nil)
    }

    @Test("a key with a line break is neither sent nor shown", arguments: ["sec\nret", "sec\r\nX-Evil: 1"])
    func malformedKey(_ key: String) async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        let failure = try await server.client(apiKey: key).answer().error
        #expect(failure != nil)
        #expect(failure?.message.contains("sec") == false, "\(failure?.message ?? "")")
        #expect(server.requests.isEmpty)
    }

    @Test("a redirect is reported and not followed", arguments: [301, 302, 303, 307, 308])
    func redirect(_ status: Int) async throws {
        let other = try ScriptedServer([Self.done])
        let target = "http://\(other.address)/api/chat"
        let server = try ScriptedServer([.redirect(to: target, status: status)])
        defer { server.stop() }
        let failure = try await server.client(apiKey: "secret").answer().error
        #expect(failure?.code == .redirected)
        #expect(failure?.status == status)
        #expect(failure?.message.contains(target) == true)
        #expect(other.requests.isEmpty)
        #expect(server.requests.count == 1)
    }

    @Test(
        "a keep-alive time is sent in Ollama's syntax",
        arguments: [
            ("5m", "\"5m\""), ("1h30m", "\"1h30m\""), ("-1m", "\"-1m\""), ("1.5h", "\"1.5h\""), ("300ms", "\"300ms\""),
            ("0", "0"), ("-1", "-1"), ("300", "300"),
        ]
    )
    func keepAlive(_ text: String, _ json: String) throws {
        var request = ChatRequest(model: "qwen3", messages: [])
        let keepAlive: KeepAlive = try #require(KeepAlive(text))
        request.keepAlive = keepAlive
        #expect(request.json["keep_alive"]?.text() == json)
    }

    @Test(
        "a malformed keep-alive time is rejected",
        arguments: [
            "", "-", "m", "5 m", "5x", "5m3", ".5h", "5.h", "1..5h", "99999999999", "5m\n", "١m", "for ever",
            String(repeating: "1m", count: 30),
        ]
    )
    func malformedKeepAlive(_ text: String) {
        #expect(KeepAlive(text) == nil)
    }
}
