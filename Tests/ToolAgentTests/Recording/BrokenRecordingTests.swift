import Testing
import ToolHost
import ToolJSON

@testable import ToolAgent

@Suite("Recordings that cannot be replayed", .timeLimit(.minutes(10)))
struct BrokenRecordingTests {
    private static let first = #"{"toolhost_recording":1,"calls":8}"#
    private static let settings = #"{"conversation":{"model":"qwen3","rounds":4}}"#
    private static let prompt = #"{"prompt":{"content":"Go"}}"#
    private static let request =
        #"{"request":{"model":"qwen3","tools":["add"],"kept":0,"messages":[{"role":"user","content":"Go"}]}}"#
    private static let calls =
        #"{"chunk":{"message":{"tool_calls":[{"id":"a","function":{"name":"add","arguments":{}}}]},"done":true}}"#
    private static let result = #"{"result":{"index":0,"tool":"add","status":"ok","seconds":0,"parts":[]}}"#
    private static let second =
        #"{"request":{"model":"qwen3","tools":["add"],"kept":1,"#
        + #""messages":[{"role":"assistant"},{"role":"tool","tool_name":"add"}]}}"#
    private static let answer = #"{"chunk":{"message":{"content":"Done."},"done":true}}"#
    private static let outcome = #"{"outcome":{"reason":"answered","rounds":1}}"#
    /// The lines of a valid recording.
    private static let valid = [first, settings, prompt, request, calls, result, second, answer, outcome]

    /// A change of one line, by its number; nil removes the line and all after it.
    struct Fault: Sendable, CustomTestStringConvertible {
        let line: Int
        let text: String?
        let words: String

        var testDescription: String { words }
    }

    private static func recording(_ fault: Fault?) -> [UInt8] {
        var lines = valid
        if let fault {
            if let text = fault.text {
                lines.replaceSubrange(fault.line - 1..<fault.line, with: text.isEmpty ? [] : [text])
            } else {
                lines.removeSubrange((fault.line - 1)...)
            }
        }
        return Array(lines.map { $0 + "\n" }.joined().utf8)
    }

    @Test("the unchanged recording can be replayed")
    func unchanged() async throws {
        let log = try await Replay(Recording(parsing: Self.recording(nil))).log()
        #expect(log.lines.last?.contains("Done.") == true)
    }

    private static let invalid = [
        Fault(line: 1, text: nil, words: "The recording is empty."),
        Fault(line: 1, text: "[1]", words: "Line 1 of the recording does not fit: It is not an object"),
        Fault(line: 1, text: "{}", words: "Line 1 of the recording does not fit: It is not an object"),
        Fault(
            line: 1,
            text: #"{"message":{}}"#,
            words: "Line 1 of the recording does not fit: The file is no recording"
        ),
        Fault(line: 1, text: #"{"toolhost_recording":2}"#, words: "The recording has version 2 of the format"),
        Fault(line: 1, text: #"{"toolhost_recording":"\#(String(repeating: "9", count: 999))"}"#, words: "has version"),
        Fault(line: 2, text: #"{"conversation":{}}"#, words: "Line 2 of the recording does not fit: The content"),
        Fault(line: 2, text: #"{"conversation":{"model":"m","rounds":0}}"#, words: "Line 2"),
        Fault(line: 2, text: #"{"conversation":{"model":"m","rounds":1e9}}"#, words: "Line 2"),
        Fault(line: 2, text: #"{"conversation":{"model":"m","tool_choice":"some"}}"#, words: "Line 2"),
        Fault(line: 2, text: #"{"conversation":{"model":"m","messages":[{"role":"king"}]}}"#, words: "Line 2"),
        Fault(
            line: 2,
            text: "",
            words: "Line 2 of the recording does not fit: A line of the kind \"prompt\" cannot be"
        ),
        Fault(line: 3, text: "", words: "Line 3 of the recording does not fit: A line of the kind \"request\" cannot"),
        Fault(line: 3, text: #"{"prompt":"Go"}"#, words: "Line 3"),
        Fault(line: 4, text: #"{"request":{"model":"m"}}"#, words: "Line 4"),
        Fault(line: 4, text: #"{"request":{"model":"m","tools":[1],"kept":0,"messages":[]}}"#, words: "Line 4"),
        Fault(line: 4, text: #"{"request":{"model":"m","tools":[],"kept":-1,"messages":[]}}"#, words: "Line 4"),
        Fault(line: 4, text: "{", words: "Line 4 of the recording is not valid JSON"),
        Fault(line: 4, text: String(repeating: "[", count: 9999), words: "Line 4 of the recording is not valid JSON"),
        Fault(
            line: 4,
            text: #"{"wish":1}"#,
            words: "Line 4 of the recording does not fit: The kind \"wish\" is unknown"
        ),
        Fault(line: 5, text: #"{"chunk":1}"#, words: "Line 5"),
        Fault(
            line: 5,
            text: #"{"chunk":{}}"#,
            words: "Line 6 of the recording does not fit: A line of the kind \"result\""
        ),
        Fault(line: 6, text: calls, words: "Line 6 of the recording does not fit: A line of the kind \"chunk\" cannot"),
        Fault(
            line: 6,
            text: #"{"result":{"index":0,"tool":"add","status":"fine","seconds":0,"parts":[]}}"#,
            words: "Line 6"
        ),
        Fault(
            line: 6,
            text: #"{"result":{"index":-1,"tool":"add","status":"ok","seconds":0,"parts":[]}}"#,
            words: "Line 6"
        ),
        Fault(
            line: 6,
            text: #"{"result":{"index":0,"tool":"add","status":"ok","seconds":-1,"parts":[]}}"#,
            words: "Line 6"
        ),
        Fault(
            line: 6,
            text: #"{"result":{"index":0,"tool":"add","status":"ok","seconds":0,"parts":[{}]}}"#,
            words: "Line 6"
        ),
        Fault(
            line: 6,
            text:
                #"{"result":{"index":0,"tool":"a","status":"ok","seconds":0,"parts":[{"media_type":"x\ny/","text":""}]}}"#,
            words: "Line 6"
        ),
        Fault(line: 7, text: result, words: "Line 7 of the recording does not fit: Call 1 has a result already."),
        Fault(line: 9, text: #"{"outcome":{"reason":"bored"}}"#, words: "Line 9"),
        Fault(
            line: 9,
            text: nil,
            words: "Line 8 of the recording does not fit: The recording ends before the response"
        ),
        Fault(
            line: 8,
            text: nil,
            words: "Line 7 of the recording does not fit: The recording ends before the response"
        ),
        Fault(line: 3, text: nil, words: "The recording has no prompt."),
    ]

    @Test("an invalid recording is refused with the number of its line", arguments: invalid)
    func refused(fault: Fault) {
        let error = #expect(throws: AgentError.self) { try Recording(parsing: Self.recording(fault)) }
        #expect(
            error?.code == .invalidRecording && error?.message.contains(fault.words) == true,
            "\(error?.message ?? "")"
        )
    }

    @Test("a recording that ends within a line is refused, wherever it ends")
    func cutOff() {
        let bytes = Self.recording(nil)
        for count in bytes.indices.dropLast() {
            #expect(throws: AgentError.self, "\(count) bytes") { try Recording(parsing: Array(bytes[..<count])) }
        }
    }

    private static let misfits = [
        Fault(
            line: 2,
            text: #"{"conversation":{"model":"other"}}"#,
            words: "Line 4 of the recording does not fit: The recorded request is to the model \"qwen3\""
        ),
        Fault(
            line: 4,
            text: request.replacing(#""kept":0"#, with: #""kept":2"#),
            words: "The recorded request has 3 messages, and this one 1."
        ),
        Fault(
            line: 4,
            text: request.replacing(#"["add"]"#, with: "[]"),
            words: "The recorded request offers no tools, and this one does."
        ),
        Fault(
            line: 4,
            text: request.replacing("user", with: "assistant"),
            words: "has a message of the role \"assistant\", where"
        ),
        Fault(
            line: 5,
            text: calls.replacing(#""add""#, with: #""sub""#),
            words: "Line 6 of the recording does not fit: The recorded result is of \"add\""
        ),
        Fault(line: 6, text: "", words: "Line 4 of the recording does not fit: The recording has no result of call 1"),
        Fault(
            line: 7,
            text: second.replacing(#":"add""#, with: #":"sub""#),
            words: "has a result of \"sub\", where this one has a result of \"add\""
        ),
        Fault(
            line: 9,
            text: #"{"outcome":{"reason":"truncated","rounds":1}}"#,
            words: "Line 9 of the recording does not fit: The recorded outcome is truncated"
        ),
        Fault(line: 9, text: #"{"outcome":{"reason":"answered","rounds":0}}"#, words: "answered after 0 rounds"),
        Fault(
            line: 9,
            text: #"{"outcome":{"reason":"failed","message":"No."}}"#,
            words: "The recorded outcome is failed"
        ),
        Fault(
            line: 8,
            text: #"{"failure":{"message":"No."}}"#,
            words: "Line 9 of the recording does not fit: The recorded outcome is answered"
        ),
        Fault(
            line: 8,
            text: answer.replacing("true", with: "false"),
            words: "Line 8 of the recording does not fit: The recorded reply ends"
        ),
        Fault(
            line: 9,
            text: second + "\n" + answer + "\n" + outcome,
            words: "Line 9 of the recording does not fit: The replay ended before this request."
        ),
    ]

    @Test("a recording that does not fit ends the replay with the number of the line", arguments: misfits)
    func misfit(fault: Fault) async throws {
        let replay = Replay(try Recording(parsing: Self.recording(fault)))
        let error = await #expect(throws: AgentError.self) { try await replay.log() }
        #expect(
            error?.code == .invalidRecording && error?.message.contains(fault.words) == true,
            "\(error?.message ?? "")"
        )
    }

    @Test("a recording with too few replies ends the replay")
    func tooFew() async throws {
        let lines = [Self.first, Self.settings, Self.prompt, Self.request, Self.calls, Self.result, Self.outcome]
        let replay = Replay(try Recording(parsing: Array(lines.joined(separator: "\n").utf8)))
        let error = await #expect(throws: AgentError.self) { try await replay.log() }
        #expect(
            error?.message
                == "Line 7 of the recording does not fit: The recording has no reply to request 2 of the response."
        )
    }

    @Test("a recording with too many lines or bytes is refused")
    func tooLarge() {
        let many = [UInt8](repeating: UInt8(ascii: "\n"), count: Recording.maximumLines + 1)
        let error = #expect(throws: AgentError.self) { try Recording(parsing: many) }
        #expect(error?.message.contains("at most 1048576 lines") == true)
        let long = [UInt8](repeating: UInt8(ascii: " "), count: Recording.maximumBytes + 1)
        #expect(throws: AgentError.self) { try Recording(parsing: long) }
    }
}
