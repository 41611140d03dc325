import TestSupport
import Testing
import ToolJSON
import ToolRuntime

@testable import ToolHost

@Suite("A call that runs again after its process has died", .timeLimit(.minutes(5)))
struct RepeatedCallTests {
    @Test("a repeated call keeps its new timeout although the thread of the old process is held up")
    func lateThread() async throws {
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor()])
        let plugin = try fixture.workerPlugin()
        let go = fixture.directory.path + "/go"
        let isHeld = Monitor(true)
        let (ends, ended) = AsyncStream<CallEnd.Reason>.makeStream()
        func start(_ how: String, isRepeatable: Bool, _ observe: @escaping @Sendable (CallEnd) -> Void) -> UInt64? {
            var request = CallRequest(
                arguments: SerialisedArguments(["how": .string(how), "file": .string(go)]),
                timeout: .seconds(5),
                grace: .seconds(1),
                resultBytes: 1 << 10
            )
            request.isRepeatable = isRepeatable
            let call = plugin.start(tool: 0, request) { event in
                if case .ended(let end) = event { observe(end) }
            }
            plugin.flush()
            return (call as? IsolatedCall)?.id
        }
        // The actions for the calls are performed in this order after the crash: the first starts the next process, and
        // the result of the second holds the thread before it is the turn of the third.
        _ = start("stop", isRepeatable: true) { ended.yield($0.reason) }
        _ = start("wait and crash", isRepeatable: false) { _ in
            isHeld.wait { $0 ? .wait(until: nil) : .done(()) }
        }
        let third = try #require(start("stop", isRepeatable: true) { ended.yield($0.reason) })
        try await fixture.wait { $0.machine.running.count == 3 }
        try fixture.directory.file("go", [])
        try await fixture.wait { $0.machine.running.contains { $0.call.id == third && $0.attempts == 2 } }
        isHeld.change { $0 = false }
        var reasons = ends.makeAsyncIterator()
        #expect(await reasons.next() == .timedOut)
        #expect(await reasons.next() == .timedOut)
    }
}
