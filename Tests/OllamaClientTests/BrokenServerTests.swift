import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("A broken server", .timeLimit(.minutes(10))) struct BrokenServerTests {
    private static let type = "application/x-ndjson"
    private static let body = """
        {"message":{"content":"Hi"},"done":false}
        {"message":{"tool_calls":[{"id":"c","function":{"name":"add","arguments":{"a":1}}}]},"done":false}
        {"message":{"content":""},"done":true,"done_reason":"stop"}

        """

    @Test("a response in an unusual form is read, and any other one is an error", arguments: BrokenResponse.all)
    func forms(_ response: BrokenResponse) async throws {
        let answer = try await answer(to: response.reply(Self.body, type: Self.type))
        #expect(answer.error?.code.description == response.code, "\(String(describing: answer.error))")
        if response.code == nil { #expect(answer.content == "Hi" && answer.calls.map(\.name) == ["add"]) }
    }

    @Test("a compressed response is reported as such")
    func compressed() async throws {
        let reply = ScriptedServer.Reply(headers: [("Content-Encoding", "gzip")], steps: [.bytes([0x1F, 0x8B, 8])])
        let error = try #require(try await answer(to: reply).error)
        #expect(error.message.contains("is compressed (gzip)") && error.message.contains("proxy"), "\(error.message)")
    }

    @Test("a connection that is reset at any byte is an error, unless the answer was complete")
    func resets() async throws {
        let count = Self.body.utf8.count + 80
        let server = try ScriptedServer((0..<count).map { .reset(after: $0, of: Self.body, type: Self.type) })
        defer { server.stop() }
        let client = server.client()
        for count in 0..<count {
            let answer = try await client.answer()
            #expect((answer.chunks.last?.done == true) == (answer.error == nil), "\(count): \(answer)")
        }
    }

    @Test("a line of more than 64 MiB is rejected")
    func longLine() async throws {
        let answer = try await answer(to: .longLine(beginning: #"{"message":{"content":""#, type: Self.type))
        #expect(answer.chunks.isEmpty && answer.error?.code == .invalidResponse)
    }

    @Test("endless blank lines end when the task is cancelled")
    func endless() async throws {
        let server = try ScriptedServer([.hanging(Array(repeating: "", count: 10_000))])
        defer { server.stop() }
        let client = server.client()
        let task = Task { try await client.answer() }
        _ = await server.request(0)
        task.cancel()
        #expect(await server.outcome(of: 0) == .clientClosed)
        _ = await task.result
    }

    @Test(
        "bytes that are not UTF-8 become U+FFFD",
        arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF8, 0x88]] as [[UInt8]]
    )
    func invalidUTF8(_ bytes: [UInt8]) async throws {
        var body = Array(Self.body.utf8)
        let position = try #require(body.firstRange(of: Array("Hi".utf8))).upperBound
        body.insert(contentsOf: bytes, at: position)
        let answer = try await answer(to: .pieces([body]))
        #expect(answer.error == nil && answer.content.hasPrefix("Hi\u{FFFD}"), "\(answer)")
    }
}
