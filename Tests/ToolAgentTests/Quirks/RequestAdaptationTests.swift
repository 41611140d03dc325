import OllamaClient
import Testing
import ToolJSON

@testable import ToolAgent

@Suite("The form of a request that a model reads")
struct RequestAdaptationTests {
    private static func call(_ id: String, _ name: String = "one") -> OllamaToolCall {
        OllamaToolCall(id: id, name: name, arguments: ["a": 1])
    }

    private static func result(_ id: String, _ name: String = "one", images: [[UInt8]] = []) -> ChatMessage {
        ChatMessage(role: .tool, content: "result of \(id)", images: images, toolName: name, toolCallID: id)
    }

    private static let prompt = ChatMessage(role: .user, content: "Go")

    private static let conversation = [
        ChatMessage(role: .system, content: "Be brief."), prompt,
        ChatMessage(role: .assistant, content: "Two.", thinking: "Hm.", toolCalls: [call("call_1"), call("call_2")]),
        result("call_1"), result("call_2"), ChatMessage(role: .assistant, content: "Done."),
        ChatMessage(role: .user, content: "Again"), ChatMessage(role: .assistant, toolCalls: [call("call_3")]),
        result("call_3"),
    ]

    private static func adapted(_ messages: [ChatMessage], _ change: (inout RequestAdaptation) -> Void) -> [ChatMessage]
    {
        var adaptation = RequestAdaptation()
        change(&adaptation)
        return adaptation.adapted(ChatRequest(model: "m", messages: messages)).request.messages
    }

    @Test("without a quirk, the request is unchanged")
    func none() {
        let request = ChatRequest(model: "m", messages: Self.conversation)
        #expect(RequestAdaptation().adapted(request).request == request)
    }

    // MARK: - Ids

    @Test("short ids have nine letters and digits, are unique, and belong to the same calls each time")
    func shortIDs() throws {
        let long = "Ocr9yoAjQGcfyGyncS0inpc4sQDuzKxh"
        let ids = (0..<2000).map { "call_\($0)" } + [long, "abcdefgh1", "", "ünïcödé99", "call_1"]
        let messages = ids.flatMap { [ChatMessage(role: .assistant, toolCalls: [Self.call($0)]), Self.result($0)] }
        let adapted = Self.adapted(messages) { $0.shortensCallIDs = true }
        let short = adapted.compactMap { $0.toolCalls.first?.id }
        #expect(short == adapted.compactMap(\.toolCallID))
        #expect(short.allSatisfy { $0.utf8.count == 9 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })
        // The second "call_1" is the same id.
        #expect(Set(short).count == ids.count - 1 && short.last == short[1])
        #expect(short[ids.count - 4] == "abcdefgh1")
        // A longer conversation has the same ids at its beginning, for the server's cache.
        let beginning = Self.adapted(Array(messages.prefix(10))) { $0.shortensCallIDs = true }
        #expect(beginning == Array(adapted.prefix(10)))
    }

    @Test("an id that equals the short form of another one is replaced")
    func collision() throws {
        let first = Self.adapted([ChatMessage(role: .assistant, toolCalls: [Self.call("call_1")])]) {
            $0.shortensCallIDs = true
        }
        let taken = try #require(first[0].toolCalls[0].id)
        let both = ChatMessage(role: .assistant, toolCalls: [Self.call("call_1"), Self.call(taken)])
        let ids = Self.adapted([both]) { $0.shortensCallIDs = true }[0].toolCalls.map(\.id)
        #expect(ids[0] == taken && ids[1] != taken && ids[1]?.utf8.count == 9)
    }

    // MARK: - Calls

    @Test("several calls of a message become pairs of a call and its result")
    func pairs() {
        let split = Self.adapted(Self.conversation) { $0.splitsCalls = true }
        #expect(
            split.map(\.role) == [
                .system, .user, .assistant, .tool, .assistant, .tool, .assistant, .user, .assistant, .tool,
            ]
        )
        #expect(split.map(\.toolCalls.count) == [0, 0, 1, 0, 1, 0, 0, 0, 1, 0])
        #expect(split[2].content == "Two." && split[2].thinking == "Hm.")
        #expect(split[4].content.isEmpty && split[4].thinking == nil)
        #expect(split.compactMap(\.toolCallID) == ["call_1", "call_2", "call_3"])
        #expect(split.flatMap(\.toolCalls).compactMap(\.id) == ["call_1", "call_2", "call_3"])
    }

    // MARK: - Thinking

    @Test("a request to think is omitted, and a request not to think is kept")
    func think() {
        var adaptation = RequestAdaptation()
        adaptation.omitsThinking = true
        for (think, sent) in [(.on, nil), (.level("high"), nil), (.off, .off), (nil, nil)]
            as [(ThinkLevel?, ThinkLevel?)]
        {
            var request = ChatRequest(model: "m", messages: Self.conversation)
            request.think = think
            #expect(adaptation.adapted(request).request.think == sent)
        }
    }

    // MARK: - Names

    @Test("reserved names are replaced in the tools, the calls and the results, and restored in replies")
    func names() throws {
        let names = ["python", "bash", "browser", "browser.open", "python3", "Python", "tool_bash", "browse"]
        var request = ChatRequest(
            model: "m",
            messages: [
                Self.prompt,
                ChatMessage(role: .assistant, toolCalls: [Self.call("a", "python"), Self.call("b", "browse")]),
                Self.result("a", "python"), Self.result("b", "browse"),
            ]
        )
        request.tools = names.map { ["type": "function", "function": ["name": .string($0), "parameters": [:]]] }
        var adaptation = RequestAdaptation()
        adaptation.aliasesTools = true
        let (adapted, aliases) = adaptation.adapted(request)
        let sent = adapted.tools.compactMap { $0[pointer: "/function/name"]?.string }
        #expect(
            sent == [
                "tool_python", "tool_bash_2", "tool_browser", "tool_browser_open", "python3", "Python", "tool_bash",
                "browse",
            ]
        )
        #expect(adapted.messages[1].toolCalls.map(\.name) == ["tool_python", "browse"])
        #expect(adapted.messages.compactMap(\.toolName) == ["tool_python", "browse"])
        let reply = ChatChunk(
            try JSON(
                parsing: #"{"message":{"content":"Hi","tool_calls":[{"id":"a","function":{"name":"tool_bash_2","#
                    + #""arguments":{"x":1}}},{"function":{"name":"browse"}}]},"done":true,"eval_count":3}"#
            )
        )
        let restored = aliases.original(reply)
        #expect(restored.message.toolCalls.map(\.name) == ["bash", "browse"])
        #expect(restored.message.toolCalls[0].arguments == ["x": 1] && restored.message.content == "Hi")
        #expect(restored.raw[pointer: "/message/tool_calls/0/function/name"] == "bash")
        #expect(restored.done && restored.evalCount == 3)
        // A model that calls the tool by its own name is right as well.
        let own = ChatChunk(["message": ["tool_calls": [["function": ["name": "bash"]]]], "done": true])
        #expect(aliases.original(own) == own)
    }

    // MARK: - Images

    @Test("the images of results go to a message of the user after all results, or are withheld with a note")
    func images() {
        let messages = [
            Self.prompt, ChatMessage(role: .assistant, toolCalls: [Self.call("a"), Self.call("b", "two")]),
            Self.result("a", images: [[1], [2]]), Self.result("b", "two", images: [[3]]),
            ChatMessage(role: .assistant, content: "Seen."), ChatMessage(role: .user, content: "And?", images: [[4]]),
            ChatMessage(role: .assistant, toolCalls: [Self.call("c")]), Self.result("c", images: [[5]]),
        ]
        let after = Self.adapted(messages) { $0.images = .afterResults }
        #expect(
            after.map(\.role) == [.user, .assistant, .tool, .tool, .user, .assistant, .user, .assistant, .tool, .user]
        )
        #expect(after.map(\.images) == [[], [], [], [], [[1], [2], [3]], [], [[4]], [], [], [[5]]])
        #expect(after[4].content == "The 2 images of the result of one.\nThe image of the result of two.")
        let withheld = Self.adapted(messages) { $0.images = .withheld }
        #expect(withheld.map(\.role) == messages.map(\.role))
        #expect(withheld.map(\.images) == [[], [], [], [], [], [[4]], [], []])
        #expect(withheld[2].content.hasSuffix("which this model cannot read.]"))
    }

    // MARK: - Types

    @Test("an array of types becomes a single type, and the others are named in the description")
    func types() throws {
        var request = ChatRequest(model: "m", messages: [Self.prompt])
        request.tools = [
            try JSON(
                parsing: #"{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"#
                    + #""a":{"type":["null","string"],"description":"A."},"type":{"type":["string","number"]},"#
                    + #""enum":{"type":["integer","null"]},"b":{"type":"string","enum":["x",["type"]]},"#
                    + #""c":{"type":"array","items":{"type":["number"]}},"d":{"anyOf":[{"type":["string","null"]}]}}}}}"#
            )
        ]
        var adaptation = RequestAdaptation()
        adaptation.hasSingleTypes = true
        let sent = adaptation.adapted(request).request.tools[0][pointer: "/function/parameters/properties"]
        #expect(
            sent?.text()
                == #"{"a":{"type":"string","description":"A. Also allowed: null."},"type":{"type":"string","description":"#
                + #""Also allowed: number."},"enum":{"type":"integer","description":"Also allowed: null."},"b":{"type":"#
                + #""string","enum":["x",["type"]]},"c":{"type":"array","items":{"type":"number"}},"d":{"anyOf":[{"type":"#
                + #""string","description":"Also allowed: null."}]}}"#
        )
    }

    // MARK: - Detection

    private static let errors: [(message: String, code: OllamaError.Code, isMended: @Sendable (ChatRequest) -> Bool)] =
        [
            (
                "Jinja Exception: Tool call IDs should be alphanumeric strings with length 9!", .invalidRequest,
                { $0.messages.count > 1 }
            ),
            (
                "Jinja Exception: This model only supports single tool-calls at once!", .invalidRequest,
                { $0.messages.count > 1 }
            ),
            (#""m" does not support thinking"#, .thinkingUnsupported, { $0.messages.count > 1 && $0.think == .on }),
            (
                "json: cannot unmarshal array into Go struct field .type of type string", .invalidRequest,
                { !$0.tools.isEmpty }
            ),
            ("image input is not supported", .imagesUnsupported, { $0.messages.contains { !$0.images.isEmpty } }),
            ("Jinja Exception: Unknown role", .invalidRequest, { _ in false }),
            (
                "an error was encountered while running the model: only supports single tool-calls", .modelCrashed,
                { _ in false }
            ),
        ]

    @Test("an error changes the form once, and only if that changes the request", arguments: errors.indices)
    func mend(index: Int) {
        let (message, code, isMended) = Self.errors[index]
        var thinking = ChatRequest(model: "m", messages: Self.conversation)
        thinking.think = .on
        var typed = ChatRequest(model: "m", messages: [Self.prompt])
        typed.tools = [["function": ["parameters": ["properties": ["a": ["type": ["string", "null"]]]]]]]
        let seen = ChatRequest(model: "m", messages: [Self.prompt, Self.result("a", images: [[1]])])
        for request in [ChatRequest(model: "m", messages: [Self.prompt]), thinking, typed, seen] {
            // The request about results with images has the id of one call, which the first error mends, too.
            let expected = isMended(request)
            var adaptation = RequestAdaptation()
            let before = adaptation
            let sentence = adaptation.mend(after: OllamaError(code, message: "Error: \(message)."), request)
            if index == 1, request == seen { continue }
            #expect((sentence != nil) == expected && (adaptation != before) == expected, "\(message)")
            let again = adaptation.mend(after: OllamaError(code, message: "Error: \(message)."), request)
            #expect(again == nil)
        }
    }

    @Test(
        "the details of a model decide about names, thoughts and images",
        arguments: [
            (#"{}"#, false, false, .inResults), (#"{"capabilities":["completion"]}"#, false, false, .withheld),
            (#"{"capabilities":["vision"]}"#, false, false, .inResults),
            (#"{"capabilities":["vision"],"renderer":"qwen3-vl-instruct"}"#, false, false, .inResults),
            (#"{"capabilities":["vision"],"renderer":"gemma4"}"#, false, false, .inResults),
            (#"{"capabilities":["vision"],"renderer":"ministral"}"#, false, false, .afterResults),
            (#"{"renderer":"ministral"}"#, false, false, .inResults),
            (#"{"details":{"family":"gptoss"}}"#, true, true, .inResults),
            (#"{"details":{"family":null,"families":["gpt-oss"]}}"#, true, true, .inResults),
            (#"{"model_info":{"general.architecture":"gptoss"}}"#, true, true, .inResults),
            (#"{"parser":"harmony"}"#, true, true, .inResults),
            (#"{"template":"<|start|>{{ .Role }}<|channel|>"}"#, true, true, .inResults),
            (#"{"template":"<|channel>thought"}"#, false, true, .inResults),
            (#"{"template":"{% if x %}<think>"}"#, false, true, .inResults),
            (#"{"details":{"family":"gpt-oss-like"},"template":7,"parser":[]}"#, false, false, .inResults),
        ] as [(String, Bool, Bool, ImagePlacement)]
    )
    func traits(json: String, isHarmony: Bool, writesThoughts: Bool, images: ImagePlacement) throws {
        let traits = ModelTraits(ModelDetails(try JSON(parsing: json)))
        #expect(traits.isHarmony == isHarmony && traits.writesThoughts == writesThoughts && traits.images == images)
    }
}
