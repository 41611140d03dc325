import Locks
import Testing
@testable import ToolRuntime

@Suite("Timers of deadlines")
struct DeadlineTimerTests {
    /// A source of threads that are started by the test.
    private final class Threads: Sendable {
        private let jobs = Lock<[@Sendable () -> Void]>([])

        var count: Int { jobs.withLock(\.count) }

        func add(_ job: @escaping @Sendable () -> Void) { jobs.withLock { $0.append(job) } }

        /// Starts the first thread.
        func start() -> Bool {
            guard let job = jobs.withLock({ $0.first }) else { return false }
            return HostThreads.shared.run(job)
        }
    }

    private static func instant(_ nanoseconds: UInt64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: nanoseconds)
    }

    @Test("due actions run in the order of their deadlines, and cancelled ones do not run")
    func order() throws {
        let threads = Threads()
        let timer = DeadlineTimer { job in
            threads.add(job)
            return true
        }
        let log = Monitor<[Int]>([])
        func schedule(_ number: UInt64) -> DeadlineTimer.Token {
            timer.schedule(at: Self.instant(number)) { log.change { $0.append(Int(number)) } }
        }
        _ = schedule(3)
        let cancelled = schedule(2)
        _ = schedule(1)
        _ = schedule(4)
        timer.cancel(cancelled)
        #expect(threads.count == 1 && timer.isRunning)
        try #require(threads.start())
        let order = log.wait { $0.count >= 3 ? .done($0) : .wait(until: nil) }
        #expect(order == [1, 3, 4])
    }

    @Test("an earlier deadline wakes the thread, and a later one does not fire")
    func earlier() {
        let timer = DeadlineTimer()
        let log = Monitor<[String]>([])
        let late = timer.schedule(at: .endOfTime) { log.change { $0.append("late") } }
        _ = timer.schedule(at: .now) { log.change { $0.append("early") } }
        #expect(log.wait { $0.isEmpty ? .wait(until: nil) : .done($0) } == ["early"])
        timer.cancel(late)
    }

    @Test("a timer without a thread tries again at the next deadline")
    func noThread() {
        let attempts = Lock(0)
        let timer = DeadlineTimer { _ in
            attempts.withLock { $0 += 1 }
            return false
        }
        for count in 1...2 {
            _ = timer.schedule(at: .endOfTime) {}
            #expect(!timer.isRunning)
            #expect(attempts.withLock(\.self) == count)
        }
    }
}
