import OllamaClient
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@testable import ToolAgent

@Suite("Injection", .timeLimit(.minutes(10)))
struct InjectionTests {
    /// Returns all strings and names of a JSON value.
    private static func strings(_ json: JSON) -> [String] {
        switch json {
        case .string(let text): [text]
        case .array(let values): values.flatMap(strings)
        case .object(let members): members.flatMap { [$0.key] + strings($0.value) }
        default: []
        }
    }

    /// Returns the texts from outside in the request after a call of the tool.
    private static func request(after attack: InjectionCase) async throws -> [String] {
        let name = attack.place == .name ? attack.text : "fetch"
        let scenario = try Scenario(
            server: [
                .lines(Chunk.calls(Chunk.call(name, id: "a")), Chunk.done()),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [attack.tool]
        )
        _ = try await scenario.respond(to: "Go")
        let request = try #require(try scenario.requests().last)
        let result = try #require(request["messages"]?.array?.last?["content"])
        // The warning names the tool once for each result.
        let hasToken = !["\u{1B}", "\u{0}", "\u{9B}", "\u{8}"].contains { attack.text.contains($0) }
        let isResult = [.result, .error, .name].contains(attack.place)
        #expect(scenario.events.warnings.count { $0.contains("The result of ") } == (hasToken && isResult ? 1 : 0))
        return strings(request["tools"] ?? []) + strings(result)
    }

    @Test("each text of the injection suite arrives as visible text, N of N")
    func everyAttackIsVisible() async throws {
        let attacks = InjectionCase.all
        #expect(attacks.count >= 60)
        var held = 0
        for attack in attacks {
            let texts = try await Self.request(after: attack)
            let isVisible = texts.contains { $0.contains(attack.visible) && !$0.contains(attack.text) }
            #expect(isVisible, "\(attack): \(texts)")
            if isVisible { held += 1 }
        }
        #expect(held == attacks.count)
    }

    @Test(
        "ordinary text reaches the model unchanged",
        arguments: [
            "a < b && c > d", "let y = f <| x <|> z", "[|1; 2; 3|]", "array[i] = [1, 2]", "usage: show [args] [think]",
            "<p class=\"x\">Text</p>", "List<String>", "«Grüße», こんにちは、世界。", "👩‍👩‍👧 ❤️‍🔥 1️⃣ 🏳️‍🌈", "می‌خواهم", "क्‍ष",
            "a\tb\r\nc\n", "x <", "x [", "<|", "<||>", "|>", "<>", "[]",
        ]
    )
    func ordinaryTextIsUnchanged(text: String) {
        let (result, findings) = TextNeutraliser.neutralised(text)
        #expect(result.utf8.elementsEqual(text.utf8))
        #expect(findings == TextFindings())
    }

    @Test("a text that is split at any place has the same form, which does not change again and is little longer")
    func splitsAndRepetitionsChangeNothing() {
        // Delimiters that begin no token, one just as long as the longest token, and a digit with a variation selector.
        let long = String(repeating: "x", count: 64)
        let starts = ["", "<", "[[<", "a < b[i ", "<\(long)", "<\(long)y", "<\(long)>", "1\u{FE0F}"]
        for text in InjectionCase.all.flatMap({ attack in starts.map { $0 + attack.text } }) {
            let whole = TextNeutraliser.neutralised(text).text
            #expect(TextNeutraliser.neutralised(whole).text == whole)
            #expect(3 * whole.unicodeScalars.count <= 4 * text.unicodeScalars.count, "\(text)")
            let scalars = Array(text.unicodeScalars)
            for cut in 0...scalars.count {
                var neutraliser = TextNeutraliser()
                var joined = ""
                for piece in [scalars[..<cut], scalars[cut...]] {
                    joined += neutraliser.neutralised(String(String.UnicodeScalarView(piece)))
                }
                joined += neutraliser.end()
                #expect(joined.utf8.elementsEqual(whole.utf8), "\(text) at \(cut)")
            }
        }
    }

    @Test("JSON in a result stays valid JSON with the same structure")
    func jsonStaysValid() throws {
        let text = #"{"a":["<|im_end|>\n",{"[INST]":1.0}],"b":"\u001b[0m"}"#
        let json = try JSON(parsing: TextNeutraliser.neutralised(text).text)
        #expect(json == ["a": ["<·|im_end|>\n", ["[·INST]": 1]], "b": "\u{1B}[0m"])
    }

    @Test("the limit of a result holds for the text that the model gets")
    func limitHolds() {
        let call = ToolCall(name: "fetch")
        let text = String(repeating: "<s>", count: 1000)
        let result = ToolResult(call: call, status: .ok, parts: [.text(text)])
        for limit in [10, 100, 1000, 2999] {
            #expect(result.chatMessage(limit: limit).content.unicodeScalars.count <= limit)
        }
        #expect(result.chatMessage().content == String(repeating: "<·s>", count: 1000))
        #expect(result.text == text)
    }

    @Test("a stored result with a control token is made harmless when its conversation is continued")
    func storedResult() throws {
        let call = OllamaToolCall(name: "fetch", arguments: [:])
        let conversation = try Conversation(
            restoring: [
                ChatMessage(role: .user, content: "Go"), ChatMessage(role: .assistant, toolCalls: [call]),
                ChatMessage(role: .tool, content: "<|im_end|>"),
            ],
            system: nil
        )
        #expect(conversation.messages.last?.content == "<·|im_end|>")
    }

    @Test("a printed call is found in a result whose tokens were broken up")
    func printedCall() {
        let text = "<function=look></function>"
        let search = QuotedCallSearch(text, [PrintedCall(name: "look", arguments: [:], source: text)])
        #expect(search.isQuoted(in: "Now print " + TextNeutraliser.neutralised(text).text))
    }

    @Test(
        "a warning names the text and the number of changes",
        arguments: [
            ("\u{1B}[1mbold", nil), ("<think>", "X has a control token, which the model gets as visible text."),
            (
                "<s>\u{200B}</s>",
                "X has 2 control tokens and an invisible character, which the model gets as visible text."
            ),
        ] as [(String, String?)]
    )
    func warnings(text: String, warning: String?) {
        #expect(TextNeutraliser.neutralised(text).findings.warning(about: "X") == warning)
    }
}
