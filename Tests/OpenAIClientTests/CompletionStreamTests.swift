import OpenAIClient
import TestSupport
import Testing
import ToolJSON

@Suite("The stream of a completion", .timeLimit(.minutes(10))) struct CompletionStreamTests {
    @Test("thinking, text and calls become the pieces that Ollama's protocol has")
    func pieces() async throws {
        let answer = try await completion(
            of: .events(
                Event.delta(["role": "assistant", "content": nil]),
                Event.delta(["reasoning_content": "Hm"]),
                Event.delta(["reasoning": "m."]),
                Event.content("Let me "),
                Event.content("see."),
                Event.calls(Event.call("add", "", id: "c1", index: 0)),
                Event.calls(Event.call(nil, #"{"a":"#, index: 0)),
                Event.calls(Event.call(nil, "1}", index: 0)),
                Event.finish("tool_calls"),
                Event.usage
            )
        )
        #expect(answer.error == nil)
        #expect(answer.thinking == "Hmm.")
        #expect(answer.chunks.map(\.message.content) == ["", "", "Let me ", "see.", ""])
        #expect(answer.chunks.map(\.done) == [false, false, false, false, true])
        #expect(answer.calls == [OllamaToolCall(id: "c1", name: "add", arguments: ["a": 1])].map { $0.received })
        let last = try #require(answer.chunks.last)
        #expect(last.doneReason == "stop" && last.promptEvalCount == 26 && last.evalCount == 9)
    }

    // MARK: - Calls

    struct Calls: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let events: [String]
        var names = ["add", "sub"]
        var ids: [String?] = ["c1", "c2"]
        var arguments: [JSON] = [["a": 1], ["b": 2]]
    }

    private static let streams = [
        Calls(
            testDescription: "pieces by index, interleaved",
            events: [
                Event.calls(Event.call("add", "", id: "c1", index: 0)),
                Event.calls(Event.call("sub", "", id: "c2", index: 1)),
                Event.calls(Event.call(nil, #"{"a""#, index: 0), Event.call(nil, #"{"b":2"#, index: 1)),
                Event.calls(Event.call(nil, "}", index: 1), Event.call(nil, ":1}", index: 0)),
            ]
        ),
        Calls(
            testDescription: "whole calls in one event",
            events: [
                Event.calls(
                    Event.call("add", #"{"a":1}"#, id: "c1", index: 0),
                    Event.call("sub", #"{"b":2}"#, id: "c2", index: 1)
                )
            ]
        ),
        Calls(
            testDescription: "one index with a new id",
            events: [
                Event.calls(Event.call("add", #"{"a":"#, id: "c1", index: 0)),
                Event.calls(Event.call(nil, "1}", index: 0)),
                Event.calls(Event.call("sub", #"{"b":"#, id: "c2", index: 0)),
                Event.calls(Event.call(nil, "2}", index: 0)),
            ]
        ),
        Calls(
            testDescription: "no index",
            events: [
                Event.calls(Event.call("add", #"{"a":"#, id: "c1")),
                Event.calls(Event.call(nil, "1}")),
                Event.calls(Event.call("sub", #"{"b":2}"#, id: "c2")),
            ]
        ),
        Calls(
            testDescription: "neither index nor id",
            events: [Event.calls(Event.call("add", #"{"a":1}"#)), Event.calls(Event.call("sub", #"{"b":2}"#))],
            ids: [nil, nil]
        ),
        Calls(
            testDescription: "one index without ids",
            events: [
                Event.calls(Event.call("add", #"{"a":1}"#, index: 0)),
                Event.calls(Event.call("sub", #"{"b":2}"#, index: 0)),
            ],
            ids: [nil, nil]
        ),
        Calls(
            testDescription: "id and name repeated in each piece",
            events: [
                Event.calls(Event.call("add", #"{"a""#, id: "c1", index: 0)),
                Event.calls(Event.call("add", ":1}", id: "c1", index: 0)),
                Event.calls(Event.call("sub", #"{"b":2}"#, id: "c2", index: 1)),
            ]
        ),
        Calls(
            testDescription: "arguments as an object, none, and empty",
            events: [
                Event.delta(["tool_calls": [["id": "c1", "function": ["name": "add", "arguments": ["a": 1]]]]]),
                Event.calls(Event.call("sub", "", id: "c2"), Event.call("now", id: "c3")),
            ],
            names: ["add", "sub", "now"],
            ids: ["c1", "c2", "c3"],
            arguments: [["a": 1], [:], [:]]
        ),
        Calls(
            testDescription: "arguments that are not JSON",
            events: [Event.calls(Event.call("add", #"{"a":"#, id: "c1", index: 0))],
            names: ["add"],
            ids: ["c1"],
            arguments: [#"{"a":"#]
        ),
        Calls(
            testDescription: "several choices, of which the first counts",
            events: [
                #"{"choices":[{"index":1,"delta":{"content":"no","tool_calls":[{"index":0,"id":"x","function":{"name":"no"}}]}}]}"#,
                #"{"choices":[{"index":1,"delta":{"content":"no"}},{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"add","arguments":"{\"a\":1}"}}]}}]}"#,
            ],
            names: ["add"],
            ids: ["c1"],
            arguments: [["a": 1]]
        ),
    ]

    @Test("calls are assembled from any pieces", arguments: streams)
    func calls(_ stream: Calls) async throws {
        let answer = try await completion(of: .events(stream.events + [Event.finish("tool_calls"), "[DONE]"]))
        #expect(answer.error == nil && answer.content == "")
        #expect(answer.calls.map(\.name) == stream.names)
        #expect(answer.calls.map(\.id) == stream.ids)
        #expect(answer.calls.map(\.arguments) == stream.arguments)
    }

    @Test("calls beyond the maximum are counted and not stored", arguments: [true, false])
    func surplus(_ isStreamed: Bool) async throws {
        let calls = (0..<5).map { (number: Int) in Event.call("add", #"{"a":1}"#, id: "c\(number)", index: number) }
        var request = ChatRequest.hello
        request.stream = isStreamed
        request.maximumCalls = 2
        let message: JSON = ["choices": [["message": ["tool_calls": .array(calls)], "finish_reason": "tool_calls"]]]
        let replies: [ScriptedServer.Reply] =
            isStreamed
            ? [
                .events(calls.map { Event.calls($0) } + [Event.calls(Event.call(nil, "}", index: 4)), "[DONE]"]),
                .events([Event.delta(["tool_calls": .array(calls)]), "[DONE]"]),
            ] : [.json(message.text())]
        for reply in replies {
            let answer = try await completion(of: reply, to: request)
            #expect(answer.calls.map(\.id) == ["c0", "c1"])
            #expect(answer.chunks.last?.surplusCalls == 3)
        }
    }

    // MARK: - The form of the stream

    private static let text =
        [
            Event.delta(["content": "Grüße 👋"]), Event.calls(Event.call("add", #"{"a":1}"#, id: "c", index: 0)),
            Event.stop,
        ]

    @Test("the stream is read the same however its bytes are divided", arguments: ["\n", "\r\n", "\r"])
    func division(_ end: String) async throws {
        let lines = Self.text.map { "data: \($0)\(end)\(end)" } + ["data: [DONE]\(end)\(end)"]
        let count = lines.joined().utf8.count
        for size in [1, 2, 3, 7, count] {
            let answer = try await completion(of: .stream(lines.joined(), pieces: size))
            #expect(answer.error == nil)
            #expect(answer.content == "Grüße 👋" && answer.calls.map(\.id) == ["c"])
        }
    }

    @Test(
        "comments, other fields and unusual forms of events are accepted",
        arguments: [
            "data:EVENT\n\ndata:[DONE]\n\n",
            "\u{FEFF}data: EVENT\n\ndata: [DONE]\n\n",
            ": keep-alive\n\n:\n\nid: 1\nevent: message\nretry: 5\ndata: EVENT\n\n: keep-alive\n\ndata: [DONE]\n\n",
            "data: EVENT\n\n",
            "data: EVENT",
            "data: {\"choices\":\ndata: [{\"delta\":{\"content\":\"Once\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
            "data\n\ndata: EVENT\n\ndata: [DONE]",
            "EVENT\n\n",
        ]
    )
    func forms(_ stream: String) async throws {
        let event = #"{"choices":[{"delta":{"content":"Once"},"finish_reason":"stop"}]}"#
        let answer = try await completion(of: .stream(stream.replacing("EVENT", with: event)))
        if stream.hasPrefix("data\n") {
            // A field without a value is an event with empty data.
            #expect(answer.error?.code == .invalidResponse)
        } else {
            #expect(answer.error == nil && answer.content == "Once")
            #expect(answer.chunks.last?.doneReason == "stop")
        }
    }

    @Test("the end of the stream is found although the connection stays open", arguments: ["[DONE]", Event.usage])
    func openConnection(_ end: String) async throws {
        var reply = ScriptedServer.Reply.events([Event.content("Once"), Event.stop, end])
        reply.steps += [.wait(ScriptedServer.Gate())]
        let answer = try await completion(of: reply)
        #expect(answer.error == nil && answer.content == "Once")
    }

    @Test(
        "the reason why the model stopped is reported in the words of Ollama",
        arguments: [
            ("stop", "stop"), ("tool_calls", "stop"), ("function_call", "stop"), ("length", "length"),
            ("content_filter", "content_filter"),
        ]
    )
    func reasons(_ reason: String, _ reported: String) async throws {
        let answer = try await completion(of: .events(Event.content("Once"), Event.finish(reason)))
        #expect(answer.chunks.last?.doneReason == reported)
        let whole = #"{"choices":[{"message":{"content":"Once"},"finish_reason":"\#(reason)"}]}"#
        #expect(try await completion(of: .json(whole), to: ChatRequest.hello.whole).chunks.last?.doneReason == reported)
    }

    @Test(
        "an answer that is not streamed is one piece, also if the request asked for a stream",
        arguments: [true, false]
    )
    func wholeAnswer(_ isStreamed: Bool) async throws {
        let reply = ScriptedServer.Reply.json(
            #"""
            {"id":"x","object":"chat.completion","choices":[{"index":0,"finish_reason":"tool_calls","message":
            {"role":"assistant","content":"Let me see.","reasoning_content":"Hm.","tool_calls":[{"id":"c1","type":
            "function","function":{"name":"add","arguments":"{\"a\": 1}"}}]}}],"usage":{"prompt_tokens":26,
            "completion_tokens":9},"timings":{"prompt_ms":1.5,"predicted_ms":20}}
            """#
        )
        let answer = try await completion(of: reply, to: isStreamed ? .hello : ChatRequest.hello.whole)
        #expect(answer.error == nil && answer.chunks.count == 1)
        #expect(answer.content == "Let me see." && answer.thinking == "Hm.")
        #expect(answer.calls.map(\.arguments) == [["a": 1]])
        let last = try #require(answer.chunks.last)
        #expect(last.done && last.promptEvalCount == 26 && last.evalCount == 9)
        #expect(last.promptEvalDuration == .microseconds(1500) && last.evalDuration == .milliseconds(20))
    }
}

extension OllamaToolCall {
    /// The call as a server sends it.
    fileprivate var received: OllamaToolCall {
        OllamaToolCall([
            "id": id.map { .string($0) } ?? .null, "function": ["name": .string(name), "arguments": arguments ?? [:]],
        ])
    }
}
