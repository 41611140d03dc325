import Testing

@testable import ToolRuntime

@Suite("Durations of a tool's calls")
struct CallPaceTests {
    @Test("a tool is short after some short calls, and not before it was called")
    func learning() {
        let pace = CallPace()
        #expect(!pace.isShort)
        for _ in 0..<8 { pace.record(.microseconds(2)) }
        #expect(pace.isShort)
    }

    @Test(
        "a single delay does not make a tool long, and a call that blocks does",
        arguments: [
            (.microseconds(100), true), (.milliseconds(1), false), (.seconds(3600), false),
        ] as [(Duration, Bool)]
    )
    func exception(duration: Duration, isShort: Bool) {
        let pace = CallPace()
        for _ in 0..<100 { pace.record(.microseconds(2)) }
        pace.record(duration)
        #expect(pace.isShort == isShort)
        for _ in 0..<30 { pace.record(.microseconds(2)) }
        #expect(pace.isShort)
    }

    @Test("a call that blocks is not awaited")
    func block() {
        let pace = CallPace()
        for _ in 0..<100 { pace.record(.zero) }
        pace.recordBlock()
        #expect(!pace.isShort)
    }

    @Test(
        "a tool with calls of a constant duration is short below 20 microseconds",
        arguments: [(19, true), (21, false)]
    )
    func constant(microseconds: Int, isShort: Bool) {
        let pace = CallPace()
        for _ in 0..<1000 { pace.record(.microseconds(microseconds)) }
        #expect(pace.isShort == isShort)
    }
}
