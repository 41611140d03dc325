import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("Half of a character in a response", .timeLimit(.minutes(10)))
struct SurrogateTests {
    /// A string as a server writes it, and the string that the client reads.
    struct Half: Sendable, CustomTestStringConvertible {
        var written: [UInt8]
        var read: String

        init(_ written: String, _ read: String) { (self.written, self.read) = (Array(written.utf8), read) }
        init(_ written: [UInt8], _ read: String) { (self.written, self.read) = (written, read) }

        var testDescription: String { String(decoding: written, as: UTF8.self) }
    }

    private static let halves = [
        Half(#"half \ud835 end"#, "half \u{FFFD} end"), Half(#"\udc97"#, "\u{FFFD}"), Half(#"\uD835"#, "\u{FFFD}"),
        Half(#"\ud835\u0041"#, "\u{FFFD}A"), Half(#"\ud835\n"#, "\u{FFFD}\n"),
        Half(#"\ud835\ud83c\udf78"#, "\u{FFFD}🍸"),
        Half(#"\udf78\ud83c"#, "\u{FFFD}\u{FFFD}"), Half(#"\ud83c\udf78"#, "🍸"), Half(#"é\ud835é"#, "é\u{FFFD}é"),
        // In UTF-8: a lone surrogate, and one half of a character.
        Half([0xED, 0xA0, 0xB5], "\u{FFFD}\u{FFFD}\u{FFFD}"), Half([0x61, 0xF0, 0x9F, 0x8D], "a\u{FFFD}"),
    ]

    /// The positions of a string in the responses to a chat.
    private static let lines: [(text: String, read: @Sendable (Answer) -> String?)] = [
        (#"{"message":{"content":"$"},"done":true}"#, { $0.content }),
        (#"{"message":{"content":"","thinking":"$"},"done":true}"#, { $0.chunks.first?.message.thinking }),
        (
            #"{"message":{"tool_calls":[{"id":"s","function":{"name":"echo","arguments":{"a":["$"]}}}]},"done":true}"#,
            { $0.calls.first?.arguments?[pointer: "/a/0"]?.string }
        ),
        (
            #"{"message":{"tool_calls":[{"function":{"name":"echo","arguments":{"$":1}}}]},"done":true}"#,
            { $0.calls.first?.arguments?.object?.first?.key }
        ),
        (#"{"message":{"tool_calls":[{"function":{"name":"$"}}]},"done":true}"#, { $0.calls.first?.name }),
        (#"{"message":{"content":""},"done":true,"done_reason":"$"}"#, { $0.chunks.first?.doneReason }),
    ]

    private static func filled(_ text: String, _ half: Half) -> [UInt8] {
        text.utf8.flatMap { $0 == UInt8(ascii: "$") ? half.written : [$0] }
    }

    @Test("half of a character in an answer becomes U+FFFD and is not an error", arguments: halves, lines.indices)
    func chat(half: Half, index: Int) async throws {
        let line = Self.lines[index]
        for stream in [true, false] {
            let server = try ScriptedServer([.pieces([Self.filled(line.text, half)])])
            defer { server.stop() }
            var request = ChatRequest.hello
            request.stream = stream
            let answer = try await server.client().answer(to: request)
            #expect(answer.error == nil)
            #expect(line.read(answer) == half.read)
            // The message that is sent back is valid JSON.
            let echo = ChatMessage(role: .assistant, toolCalls: answer.calls).json
            #expect(throws: Never.self) { try JSON(parsing: echo.bytes()) }
        }
    }

    @Test("half of a character in a model's name or an error message becomes U+FFFD", arguments: halves)
    func others(half: Half) async throws {
        let server = try ScriptedServer([
            .pieces([Self.filled(#"{"models":[{"name":"$"}]}"#, half)]),
            .pieces([Self.filled(#"{"version":"$"}"#, half)]),
            ScriptedServer.Reply(status: 500, steps: [.bytes(Self.filled(#"{"error":"it is $"}"#, half))]),
        ])
        defer { server.stop() }
        let client = server.client()
        #expect(try await client.models().map(\.name) == [half.read])
        #expect(try await client.version() == half.read)
        let error = await #expect(throws: OllamaError.self) { try await client.version() }
        let words = half.read.replacing("\n", with: "")
        #expect(error?.message.contains("it is \(words)") == true, "\(error?.message ?? "")")
    }
}
