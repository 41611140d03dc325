import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolJSON
import ToolPlugin

@Suite(
    "Conversations with a real server",
    .enabled(if: !ServerCapture.all.isEmpty, "TOOLHOST_CAPTURES names no directory with recorded exchanges"),
    .timeLimit(.minutes(10))
)
struct CapturedConversationTests {
    /// The failures that can pass: the model's process exited, or the server could not read the model's text.
    private static let passing = ["while running the model", "parsing tool call", "XML syntax", "peg-native"]

    @Test(
        "a real server is asked again after a failure that can pass, and once with a hint after an empty message",
        arguments: ServerCapture.all.filter { $0.path == "/api/chat" }
    )
    func requests(capture: ServerCapture) async throws {
        let names = capture.request["tools"]?.array?.compactMap { $0[pointer: "/function/name"]?.string } ?? []
        let scenario = try Scenario(
            server: [capture.reply, capture.reply, capture.reply],
            tools: Set(names).sorted().map { Fixed(name: $0, output: "fine") }
        ) {
            $0.streams = capture.request["stream"]?.bool ?? true
            $0.maximumRounds = 1
        }
        let messages = capture.lines.compactMap { $0["message"] }
        let calls = messages.flatMap { $0["tool_calls"]?.array ?? [] }
        let content = messages.compactMap { $0["content"]?.string }.joined()
        let hasStopped = capture.lines.last?["done_reason"] == "stop"
        let isEmpty = content.allSatisfy(\.isWhitespace) && calls.isEmpty && hasStopped && !names.isEmpty
        var outcome: AgentOutcome?
        do {
            outcome = try await scenario.respond(to: "Go")
        } catch let error as OllamaError {
            let cause = try #require(capture.cause, "\(error)")
            let passes = Self.passing.contains(where: cause.contains)
            #expect(try scenario.requests().count == (passes ? 3 : 1))
            #expect(scenario.events.retries.count == (passes ? 2 : 0))
        }
        #expect((outcome == nil) == (capture.cause != nil))
        guard let outcome else { return }
        let hasCalls = !calls.isEmpty && !names.isEmpty
        #expect(try scenario.requests().count == (isEmpty || hasCalls ? 2 : 1))
        #expect(scenario.events.retries.count == (isEmpty ? 1 : 0))
        #expect(scenario.events.results.count == (hasCalls ? calls.count : 0))
        if isEmpty { #expect(outcome.reason == .emptyAnswer && scenario.events.warnings.count == 1) }
    }
}
