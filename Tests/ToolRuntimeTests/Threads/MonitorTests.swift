import Testing
import ToolRuntime

@Suite("Monitors")
struct MonitorTests {
    @Test("a change by another thread ends the wait")
    func change() throws {
        let monitor = Monitor(0)
        for number in 1...3 {
            try #require(HostThreads.shared.run { monitor.change { $0 += number } })
        }
        #expect(monitor.wait { $0 == 6 ? .done("sum") : .wait(until: nil) } == "sum")
    }

    @Test("a wait without a change ends at the requested instant")
    func instant() {
        let monitor = Monitor(false)
        var calls = 0
        let hasEnded = monitor.wait { _ -> Monitor<Bool>.Waiting<Bool> in
            calls += 1
            return calls > 2 ? .done(true) : .wait(until: .now)
        }
        #expect(hasEnded && calls == 3)
    }

    @Test("a quiet change returns the result of its closure")
    func quietChange() {
        let monitor = Monitor([1])
        let count = monitor.changeQuietly { state in
            state.append(2)
            return state.count
        }
        #expect(count == 2)
        #expect(monitor.changeQuietly(\.self) == [1, 2])
    }
}
