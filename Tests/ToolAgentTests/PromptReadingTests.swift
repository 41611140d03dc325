import OllamaClient
import TestSupport
import Testing
import ToolJSON

@testable import ToolAgent

@Suite("The reading of the server's count of a prompt")
struct PromptReadingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var reading: PromptReading
        var verdict: PromptReading.Verdict

        init(_ title: String, _ verdict: PromptReading.Verdict, _ reading: PromptReading) {
            (testDescription, self.verdict, self.reading) = (title, verdict, reading)
        }
    }

    @Test(
        "a count is that of the whole prompt, of a part, or of what the server kept",
        arguments: [
            Case("a first prompt as long as estimated", .whole, PromptReading(count: 900, window: 4096, added: 1000)),
            Case("a first prompt of long words", .whole, PromptReading(count: 550, window: 4096, added: 1000)),
            Case("a prompt of few tokens", .whole, PromptReading(count: 7, added: 10)),
            Case("a first prompt that is mostly cached", .partial, PromptReading(count: 60, window: 4096, added: 1000)),
            Case(
                "a first prompt of more than two windows, cut to the half",
                .truncated,
                PromptReading(count: 2050, window: 4096, added: 11_250)
            ),
            Case(
                "a first prompt that probably exceeds the window, cut to the half",
                .truncated,
                PromptReading(count: 2050, window: 4096, added: 5000)
            ),
            Case(
                "a first prompt that perhaps exceeds the window, and fills it",
                .whole,
                PromptReading(count: 3900, window: 4096, added: 5000)
            ),
            Case(
                "a prompt that continues one which fits, without its oldest messages",
                .truncated,
                PromptReading(count: 3900, window: 4096, beginning: 3500, added: 2000)
            ),
            Case(
                "a prompt that grows within the window",
                .whole,
                PromptReading(count: 3900, window: 4096, beginning: 3500, added: 450)
            ),
            Case(
                "a prompt whose beginning an older server had cached",
                .partial,
                PromptReading(count: 210, window: 4096, beginning: 3000, added: 200)
            ),
            Case(
                "a prompt whose beginning is cached in part",
                .partial,
                PromptReading(count: 1500, window: 4096, beginning: 3000, added: 200)
            ),
            Case(
                "the same count of a server that counts whole prompts",
                .truncated,
                PromptReading(count: 1500, beginning: 3000, added: 200, countsWholePrompts: true)
            ),
            Case(
                "such a server that counts only the new messages, as if it had changed",
                .partial,
                PromptReading(count: 210, beginning: 3000, added: 200, countsWholePrompts: true)
            ),
            Case(
                "an unknown window, and no earlier count",
                .partial,
                PromptReading(count: 2050, added: 11_250)
            ),
            Case(
                "a count above the supposed size of the window",
                .whole,
                PromptReading(count: 9000, window: 4096, added: 11_250)
            ),
            Case("no tokens", .partial, PromptReading(count: 0, window: 4096, beginning: 10, added: 0)),
        ]
    )
    func verdict(of example: Case) {
        #expect(example.reading.verdict == example.verdict)
    }

    @Test("a server counts whole prompts if its count includes a long prompt that it had read before")
    func wholeCounts() {
        #expect(PromptReading(count: 3100, beginning: 3000, added: 100).showsWholeCount)
        #expect(!PromptReading(count: 100, beginning: 3000, added: 100).showsWholeCount)
        #expect(!PromptReading(count: 3000, beginning: 1000, added: 2000).showsWholeCount)
    }

    @Test("truncated prompts of a real server are recognized", arguments: ServerCapture.all.filter(\.isTruncated))
    func capture(_ capture: ServerCapture) throws {
        let count = try #require(capture.lines.last?["prompt_eval_count"]?.int)
        var window = ContextWindow(size: count * 2, toolBytes: 0)
        // The capture has only the beginning of the request, which was about nine thousand words of five bytes.
        let text = [ChatMessage(role: .user, content: String(repeating: "word ", count: 9_000))]
        #expect(window.record(prompt: count, output: 3, messages: text)?.contains("read only \(count) of") == true)
        #expect(window.record(prompt: count, output: 3, messages: text) == nil)
    }
}

extension ServerCapture {
    fileprivate var isTruncated: Bool { name.hasPrefix("err_too_long") && cause == nil }
}
