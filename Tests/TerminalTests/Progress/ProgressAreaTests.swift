import Locks
import Terminal
import Testing

@Suite("A progress area", .timeLimit(.minutes(1)))
struct ProgressAreaTests {
    @Test("the area draws while work is under way, and erases itself at the end")
    func drawing() async {
        let (stream, continuation) = AsyncStream.makeStream(of: [String].self)
        let area = ProgressArea(
            size: { (24, 80) },
            draw: { continuation.yield($0.map { $0.encoded(hasStyles: false) }) }
        )
        var frames = stream.makeAsyncIterator()
        area.update { $0.begin("loading", at: $1) }
        let first = await frames.next()
        #expect(first?.first?.hasSuffix("loading… 0.3 s") == true, "\(first ?? [])")
        let second = await frames.next()
        #expect(second != first)
        area.update { state, _ in state.endActivity() }
        var last = await frames.next()
        while last?.isEmpty == false { last = await frames.next() }
        #expect(last == [])
    }

    @Test("work that ends at once is never drawn")
    func short() {
        let drawn = Lock(0)
        let area = ProgressArea(size: { (24, 80) }, draw: { _ in drawn.withLock { $0 += 1 } })
        for id in 0..<100 {
            area.update { $0.start(id, name: "a", owner: "", at: $1) }
            area.update { state, _ in state.finish(id) }
        }
        #expect(drawn.withLock(\.self) == 0)
    }
}
