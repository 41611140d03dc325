import OllamaClient
import TestSupport
import Testing
import ToolJSON

/// What is sent, as a whole and in its order.
@Suite(.timeLimit(.minutes(10))) struct RequestTests {
    private static let done = ScriptedServer.Reply.lines(#"{"message":{"content":""},"done":true}"#)

    private func sent(_ request: ChatRequest) async throws -> String {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        _ = try await server.client().answer(to: request)
        return server.requests[0].text
    }

    @Test func aSmallRequestHasNothingThatWasNotAskedFor() async throws {
        let text = try await sent(.hello)
        #expect(text == #"{"model":"qwen3","messages":[{"role":"user","content":"Hello"}],"stream":true}"#)
    }

    @Test func aFullRequestHasEverythingInOrder() async throws {
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

    @Test(arguments: [("true", "true"), ("false", "false"), ("low", #""low""#), ("max", #""max""#)])
    func thinkingIsATruthValueOrALevel(_ text: String, _ json: String) async throws {
        var request = ChatRequest.hello
        request.think = ThinkLevel(text)
        #expect(request.think != nil)
        #expect(try await sent(request).hasSuffix(#""stream":true,"think":\#(json)}"#))
        #expect(ThinkLevel("a lot") == nil)
    }

    @Test func anIdThatWasMissingIsFilledIn() {
        var call = OllamaToolCall(["function": ["name": "f", "arguments": ["b": 1, "a": 2]], "x": 1])
        call.id = "new"
        #expect(
            ChatMessage(role: .assistant, toolCalls: [call]).json[pointer: "/tool_calls/0"]?.text()
                == #"{"id":"new","function":{"name":"f","arguments":{"b":1,"a":2}},"x":1}"#
        )
    }

    @Test func theHeadSaysWhatIsSentAndNothingOfBrowsers() async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        _ = try await server.client().answer()
        let request = server.requests[0]
        #expect(request.method == "POST")
        #expect(request.path == "/api/chat")
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("host") == server.address)
        // A server refuses what comes from a page that it does not know.
        #expect(request.header("origin") == nil)
        #expect(request.header("authorization") == nil)
    }

    @Test func aPathBeforeTheInterfaceIsKept() async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        let client = OllamaClient(environment: ["OLLAMA_HOST": "http://\(server.address)/behind/a/proxy/"])
        _ = try await client.answer()
        #expect(server.requests.map(\.path) == ["/behind/a/proxy/api/chat"])
    }

    // MARK: - The key

    @Test func theKeyIsSentToThisMachine() async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        let client = OllamaClient(environment: ["OLLAMA_HOST": server.address, "OLLAMA_API_KEY": "secret"])
        _ = try await client.answer()
        #expect(server.requests[0].header("authorization") == "Bearer secret")
    }

    @Test func theKeyIsNotSentInTheClearToAHostThatMayBeElsewhere() async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        // The resolver takes this for 127.0.0.1; the client does not, and must not guess.
        let client = OllamaClient(environment: ["OLLAMA_HOST": "127.1:\(server.port)", "OLLAMA_API_KEY": "secret"])
        #expect(try await client.answer().error == nil)
        #expect(server.requests.map { $0.header("authorization") } == [nil])
    }

    @Test func anEmptyKeyIsNone() async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        _ = try await server.client(apiKey: "").answer()
        #expect(server.requests[0].header("authorization") == nil)
    }

    @Test(arguments: ["sec\nret", "sec\r\nX-Evil: 1"])
    func aKeyThatIsNoHeaderIsNeitherSentNorShown(_ key: String) async throws {
        let server = try ScriptedServer([Self.done])
        defer { server.stop() }
        let failure = try await server.client(apiKey: key).answer().error
        #expect(failure != nil)
        #expect(failure?.message.contains("sec") == false, "\(failure?.message ?? "")")
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectIsToldAndNotFollowed(_ status: Int) async throws {
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

    @Test(arguments: [
        ("5m", "\"5m\""), ("1h30m", "\"1h30m\""), ("-1m", "\"-1m\""), ("1.5h", "\"1.5h\""), ("300ms", "\"300ms\""),
        ("0", "0"), ("-1", "-1"), ("300", "300"),
    ])
    func aTimeToKeepAModelIsSentAsOllamaReadsIt(_ text: String, _ json: String) throws {
        var request = ChatRequest(model: "qwen3", messages: [])
        let keepAlive: KeepAlive = try #require(KeepAlive(text))
        request.keepAlive = keepAlive
        #expect(request.json["keep_alive"]?.text() == json)
    }

    @Test(arguments: [
        "", "-", "m", "5 m", "5x", "5m3", ".5h", "5.h", "1..5h", "99999999999", "5m\n", "١m", "for ever",
        String(repeating: "1m", count: 30),
    ])
    func whatIsNoTimeIsRefused(_ text: String) {
        #expect(KeepAlive(text) == nil)
    }
}
