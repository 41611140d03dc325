import Testing
import ToolAgent
import ToolHost
import ToolJSON

@Suite("A recorded response")
struct RecordedAnswerTests {
    private static let message =
        #"{"role":"assistant","content":"half \ud835","tool_calls":[{"function":{"name":"echo","arguments":{"text":"\udc97 x"}}}]}"#

    @Test(
        "with a lone surrogate keeps its calls, in each of its forms",
        arguments: [
            message, #"{"message":\#(message),"done":true}"#,
            "{\"message\":\(message),\"done\":false}\n{\"message\":{},\"done\":true,\"done_reason\":\"stop\"}\n",
        ]
    )
    func surrogate(text: String) throws {
        let answer = try RecordedResult(parsing: Array(text.utf8))
        #expect(answer.calls.map(\.name) == ["echo"])
        #expect(answer.calls.map(\.arguments) == [["text": "\u{FFFD} x"]])
        #expect(answer.obstacle == nil)
    }
}
