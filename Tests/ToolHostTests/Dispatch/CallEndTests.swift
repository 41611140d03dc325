import Testing
import ToolRuntime

@testable import ToolHost

@Suite("The result of a call that ended")
struct CallEndTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reason: CallEnd.Reason
        var parts: [(type: String, text: String)] = []
        var limit = 1 << 20
        var budget: Int?
        let status: ToolStatus
        let text: String
    }

    private static let cases = [
        Case(
            testDescription: "success",
            reason: .completed(0),
            parts: [("text/plain", "done")],
            status: .ok,
            text: "done"
        ),
        Case(testDescription: "empty success", reason: .completed(0), status: .ok, text: ""),
        Case(
            testDescription: "error without text",
            reason: .completed(1),
            status: .toolError,
            text: "The tool failed and gave no reason."
        ),
        Case(
            testDescription: "error with text",
            reason: .completed(1),
            parts: [("text/plain", "no")],
            status: .toolError,
            text: "no"
        ),
        Case(
            testDescription: "rejected arguments",
            reason: .completed(2),
            status: .invalidArguments,
            text: "The tool does not take these arguments, and gave no reason."
        ),
        Case(
            testDescription: "cancelled by the tool",
            reason: .completed(3),
            status: .cancelled,
            text: "The call was cancelled before it was done."
        ),
        Case(
            testDescription: "internal error",
            reason: .completed(4),
            status: .pluginFailed,
            text: "The tool failed because of an internal error."
        ),
        Case(
            testDescription: "unknown status",
            reason: .completed(-1),
            parts: [("text/plain", "odd")],
            status: .toolError,
            text: "odd"
        ),
        Case(
            testDescription: "deadline",
            reason: .timedOut,
            parts: [("text/plain", "half")],
            status: .timedOut,
            text: "The tool did not answer within 60 seconds."
        ),
        Case(
            testDescription: "cancelled by the caller",
            reason: .cancelled,
            status: .cancelled,
            text: "The call was cancelled before it was done."
        ),
        Case(
            testDescription: "contract violation",
            reason: .failed("It broke."),
            status: .pluginFailed,
            text: "The tool failed: It broke."
        ),
        Case(
            testDescription: "invalid JSON",
            reason: .completed(0),
            parts: [("text/plain", "a"), ("application/json", "{")],
            status: .pluginFailed,
            text: "The tool wrote part 2 of its result as JSON, but it is not valid JSON."
        ),
        Case(
            testDescription: "truncated JSON",
            reason: .completed(0),
            parts: [("application/json", "[1"), ("application/json", ",2]")],
            limit: 4,
            status: .ok,
            text: "[1\n[The result was longer than 4 bytes; the rest is missing.]"
        ),
        Case(
            testDescription: "over the budget of the message",
            reason: .completed(0),
            parts: [("text/plain", "abc"), ("text/plain", "def")],
            budget: 4,
            status: .ok,
            text: "abc\n[The result was longer than the 3 bytes that were left for it in this message; "
                + "the rest is missing.]"
        ),
    ]

    @Test("the reason of the end decides the status and the text", arguments: cases)
    func mapping(_ test: Case) {
        var output = CallOutput()
        let budget = test.budget.map { ResultBudget(bytes: $0, calls: 1) }
        for (type, text) in test.parts {
            _ = Array(text.utf8).withUnsafeBytes { output.append(type, $0, limit: test.limit, budget: budget) }
        }
        var limits = ToolLimits()
        limits.resultBytes = test.limit
        let end = CallEnd(reason: test.reason, output: output, duration: .seconds(2))
        let result = ToolResult(call: ToolCall(name: "tool"), end, limits: limits)
        #expect(result.status == test.status)
        #expect(result.text == test.text)
        #expect(result.duration == .seconds(2))
    }
}
