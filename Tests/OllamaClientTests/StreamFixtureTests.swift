import HTTPClient
import Locks
import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("The forms of a stream", .timeLimit(.minutes(10)))
struct StreamFixtureTests {
    /// A transport whose response has exactly these pieces.
    private struct PieceTransport: HTTPTransport {
        let pieces: [[UInt8]]

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            let rest = Lock(pieces.filter { !$0.isEmpty }[...])
            return HTTPResponse(status: 200, body: HTTPBody { rest.withLock { $0.popFirst() } })
        }
    }

    private func expect(_ answer: Answer, of fixture: StreamFixture, _ place: String) {
        let calls = answer.calls.map { "\($0.id ?? "-") \($0.name) \($0.arguments?.text() ?? "-")" }
        let thinking = answer.chunks.compactMap(\.message.thinking).joined()
        #expect(answer.content == fixture.content && thinking == fixture.thinking, "\(place)")
        #expect(calls == fixture.calls, "\(place)")
        #expect(answer.error?.code.description == fixture.failure, "\(place)")
        #expect((answer.chunks.last?.done == true) == (fixture.failure == nil), "\(place)")
    }

    @Test(
        "the message is the same wherever the stream is divided (ollama/ollama-vscode#58)",
        arguments: StreamFixture.all
    )
    func division(fixture: StreamFixture) async throws {
        let bytes = fixture.bytes
        for position in 0...bytes.count {
            let transport = PieceTransport(pieces: [Array(bytes[..<position]), Array(bytes[position...])])
            let client = OllamaClient(endpoint: OllamaEndpoint(parsing: ""), transport: transport)
            expect(try await client.answer(), of: fixture, "divided at \(position)")
        }
    }

    @Test(
        "the message is the same with pieces of any size from a server",
        arguments: StreamFixture.all,
        [1, 3, 64, 1 << 20]
    )
    func size(fixture: StreamFixture, size: Int) async throws {
        let bytes = fixture.bytes
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        expect(try await answer(to: .pieces(pieces)), of: fixture, "pieces of \(size)")
    }

    @Test("there is a fixture for each of the twelve forms")
    func complete() {
        let numbers = Set(StreamFixture.all.compactMap { $0.name.split(separator: " ").first })
        #expect(numbers == Set((1...12).map { "F\($0)" }))
    }
}
