import OllamaClient
import Testing
import ToolAgent
import ToolHost
import ToolJSON

@Suite("Recorded responses")
struct RecordedResponseTests {
    private static let message =
        #"{"role":"assistant","content":"half \ud835","tool_calls":[{"function":{"name":"echo","arguments":{"text":"\udc97 x"}}}]}"#

    @Test(
        "a recorded response with a lone surrogate keeps its calls in each form",
        arguments: [
            message, #"{"message":\#(message),"done":true}"#,
            "{\"message\":\(message),\"done\":false}\n{\"message\":{},\"done\":true,\"done_reason\":\"stop\"}\n",
        ]
    )
    func loneSurrogate(text: String) throws {
        let recorded = try RecordedResponse(parsing: Array(text.utf8))
        #expect(recorded.calls.map(\.name) == ["echo"])
        #expect(recorded.calls.map(\.arguments) == [["text": "\u{FFFD} x"]])
        #expect(recorded.obstacle == nil)
    }

    @Test(
        "a text that is not a response is an error that names the defect",
        arguments: [
            ("", "There is nothing to read: the input is empty."), ("[]", "this is JSON of type array."),
            ("{}", "this object has no \"message\", \"role\" or \"tool_calls\"."), ("{}\n{", "this object has no"),
            ("{\"done\":false}\n{", "Line 2 is not valid JSON:"),
        ]
    )
    func invalidRecording(text: String, words: String) {
        let error = #expect(throws: AgentError.self) { try RecordedResponse(parsing: Array(text.utf8)) }
        #expect(error?.code == .invalidRecording)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test("the recorded error of a server is the error of the client")
    func serverError() {
        let text = #"{"error":"model 'qwen3' not found"}"#
        #expect(throws: OllamaError.self) { try RecordedResponse(parsing: Array(text.utf8)) }
    }
}
