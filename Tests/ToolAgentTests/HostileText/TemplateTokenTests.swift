import OllamaClient
import TestSupport
import Testing
import ToolJSON
import ToolPlugin

@testable import ToolAgent

@Suite("Control tokens of a template", .timeLimit(.minutes(10)))
struct TemplateTokenTests {
    @Test(
        "a template has the tokens that look like some, and no plain words",
        arguments: [
            ("{{ .System }}<new_turn>user\n{{ .Prompt }}</answer>[BEGIN]", ["</answer", "<new_turn", "[begin"]),
            ("<|im_start|><start_of_turn>[INST]<think>", []), ("{% if messages[0]['role'] == x[loop_index] %}", []),
            ("<b>text</b> List<String> <name> [optional] [a]", []), ("<ROLE>[X1][USER]", ["<role", "[user"]),
            ("<unfinished_token", []), ("<a b_c>", []), ("<_\u{E9}_>", []), ("", []),
        ] as [(String, [String])]
    )
    func tokens(template: String, names: [String]) {
        #expect(ControlTokens(template: template).additional.sorted() == names)
    }

    @Test("at most 64 tokens of at most 64 bytes are taken from a template")
    func bounds() {
        let many = (0..<1000).map { "<token_\($0)>" }.joined()
        #expect(ControlTokens(template: many).additional.count == 64)
        #expect(ControlTokens(template: "<a_" + String(repeating: "x", count: 64) + ">").additional.isEmpty)
    }

    @Test("a token that only the template of the model has is broken up in a result")
    func agent() async throws {
        let scenario = try Scenario(
            server: [
                .lines(Chunk.calls(Chunk.call("fetch", id: "a")), Chunk.done()),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            details: .json(#"{"template":"<new_turn>{{ .Prompt }}","capabilities":["completion","tools"]}"#),
            tools: [Fixed(name: "fetch", output: "a <New_Turn> b <old_turn>")]
        ) { $0.checksCapabilities = true }
        _ = try await scenario.respond(to: "Go")
        let content = try scenario.requests().last?[pointer: "/messages/2/content"]
        #expect(content == "a <·New_Turn> b <old_turn>")
    }
}
