import Testing
import ToolHost

@testable import ToolAgent

@Suite("The buffer of unread events", .timeLimit(.minutes(1)))
struct EventBufferTests {
    /// A description of events, because the content of large results must not be an argument of a test.
    enum Step: Sendable {
        case warnings(Range<Int>), content(String), thinking(String), result(bytes: Int)

        var events: [AgentEvent] {
            switch self {
            case .warnings(let numbers): return numbers.map { .warning(message: "\($0)") }
            case .content(let text): return [.content(text: text)]
            case .thinking(let text): return [.thinking(text: text)]
            case .result(let bytes):
                let part = ContentPart(mediaType: "image/png", bytes: Array(repeating: 7, count: bytes))
                let result = ToolResult(call: ToolCall(name: "draw"), status: .ok, parts: [part])
                return [.call(DispatchEvent(callIndex: 0, kind: .finished(result)))]
            }
        }
    }

    private static func line(_ event: AgentEvent) -> String {
        switch event {
        case .content(let text): "content \(text)"
        case .thinking(let text): "thinking \(text)"
        case .warning(let message): message
        default: "other"
        }
    }

    @Test(
        "once the outcome is awaited, text in a full buffer is joined, and the oldest events are dropped at the limit",
        arguments: [
            ([.warnings(0..<63), .content("a"), .content("b")], (0..<63).map(String.init) + ["content ab"]),
            (
                [.warnings(0..<62), .content("a"), .content("b")],
                (0..<62).map(String.init) + ["content a", "content b"]
            ),
            (
                [.warnings(0..<64), .content("a"), .thinking("b"), .thinking("c"), .content("d")],
                (0..<64).map(String.init) + ["content a", "thinking bc", "content d"]
            ),
            ([.warnings(0..<2000)], (976..<2000).map(String.init)),
            ([.warnings(0..<2), .result(bytes: 32 << 20), .result(bytes: 16 << 20)], ["0", "1", "other", "other"]),
            (
                [.warnings(0..<2), .result(bytes: 32 << 20), .result(bytes: 33 << 20), .warnings(2..<3)],
                ["other", "2"]
            ),
            ([.warnings(0..<2), .result(bytes: 65 << 20)], ["other"]),
        ] as [([Step], [String])]
    )
    func unpaced(steps: [Step], lines: [String]) async throws {
        let buffer = EventBuffer()
        buffer.awaitOutcome()
        await buffer.drain()
        for event in steps.flatMap(\.events) { await buffer.send(event) }
        buffer.finish()
        var read: [String] = []
        while let event = try await buffer.next() { read.append(Self.line(event)) }
        #expect(read == lines)
    }

    @Test("events that follow one another with a reader are neither joined nor dropped")
    func paced() async throws {
        let buffer = EventBuffer()
        let sender = Task {
            for _ in 0..<2000 { await buffer.send(.content(text: "a")) }
            buffer.finish()
        }
        var count = 0
        while let event = try await buffer.next() {
            #expect(Self.line(event) == "content a")
            count += 1
        }
        #expect(count == 2000)
        await sender.value
    }
}
