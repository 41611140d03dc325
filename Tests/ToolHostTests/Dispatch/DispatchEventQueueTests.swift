import Testing
import ToolHost

@testable import struct ToolHost.DispatchEventQueue

@Suite("The queue of unread events")
struct DispatchEventQueueTests {
    private static func output(_ text: String, _ type: String = "text/plain") -> DispatchEvent.Kind {
        .output(ContentPart(mediaType: type, bytes: Array(text.utf8)))
    }

    private static func line(_ event: DispatchEvent) -> String {
        switch event.kind {
        case .started: "\(event.callIndex) started"
        case .output(let part): "\(event.callIndex) \(part.mediaType) \(String(decoding: part.bytes, as: UTF8.self))"
        case .progress(_, let message): "\(event.callIndex) \(message)"
        case .finished(let result): "\(event.callIndex) \(result.status)"
        }
    }

    private static let call = ToolCall(name: "tool")
    private static let finished = DispatchEvent.Kind.finished(ToolResult(call: call, status: .ok, parts: []))

    @Test(
        "unread output is joined, and unread progress is replaced, for each call alone",
        arguments: [
            (
                [(0, .started(call)), (0, output("a")), (1, output("b")), (0, output("c")), (0, finished)],
                ["0 started", "0 text/plain ac", "1 text/plain b", "0 ok"]
            ),
            (
                [(0, output("a")), (0, output("{}", "application/json")), (0, output("c"))],
                ["0 text/plain a", "0 application/json {}", "0 text/plain c"]
            ),
            (
                [
                    (0, .progress(fraction: 0, message: "1")), (0, output("a")),
                    (0, .progress(fraction: 1, message: "2")),
                ],
                ["0 2", "0 text/plain a"]
            ),
            (
                [(0, .progress(fraction: 0, message: "1")), (1, .progress(fraction: 0, message: "2"))],
                ["0 1", "1 2"]
            ),
        ] as [([(Int, DispatchEvent.Kind)], [String])]
    )
    func merges(events: [(Int, DispatchEvent.Kind)], lines: [String]) {
        var queue = Self.fullQueue()
        for (index, kind) in events { queue.append(DispatchEvent(callIndex: index, kind: kind)) }
        #expect(queue.count == 64 + lines.count)
        var read: [String] = []
        while let event = queue.removeFirst() { read.append(Self.line(event)) }
        #expect(read.dropFirst(64) == lines[...])
    }

    /// A queue with as many events of another call as are not merged.
    private static func fullQueue() -> DispatchEventQueue {
        var queue = DispatchEventQueue()
        for _ in 0..<64 { queue.append(DispatchEvent(callIndex: 2, kind: .progress(fraction: nil, message: ""))) }
        return queue
    }

    @Test("few events are delivered as they were reported")
    func fewEvents() {
        var queue = DispatchEventQueue()
        for _ in 0..<64 { queue.append(DispatchEvent(callIndex: 0, kind: Self.output("a"))) }
        #expect(queue.count == 64)
    }

    @Test("events that were read are not merged with later ones")
    func readEvents() {
        var queue = Self.fullQueue()
        for _ in 0..<64 { _ = queue.removeFirst() }
        #expect(queue.count == 0)
        queue = Self.fullQueue()
        var read: [String] = []
        for number in 0..<100 {
            queue.append(DispatchEvent(callIndex: 0, kind: Self.output("\(number)")))
            queue.append(DispatchEvent(callIndex: 1, kind: .progress(fraction: nil, message: "\(number)")))
            if number % 3 == 0, let event = queue.removeFirst() { read.append(Self.line(event)) }
            #expect(queue.count <= 67)
        }
        while let event = queue.removeFirst() { read.append(Self.line(event)) }
        let texts = read.filter { $0.hasPrefix("0") }.map { $0.dropFirst("0 text/plain ".count) }
        #expect(texts.joined() == (0..<100).map(String.init).joined())
        #expect(read.last { $0.hasPrefix("1") } == "1 99")
    }
}
