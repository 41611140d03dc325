import Dispatch
import Glibc
import Locks
import ToolHost
import ToolPlugin

// Eight calls block every thread of Swift's shared pool, and a ninth never returns. The caller does not depend on that
// pool: the main thread waits for a task on the host's executor. It must get the result of the ninth call at the
// deadline.

let threads = sysconf(Int32(_SC_NPROCESSORS_ONLN))
let blocked = DispatchSemaphore(value: 0)

/// Block the threads of the shared pool.
@Tool func block() async {
    for _ in 0..<threads {
        Task.detached {
            blocked.signal()
            sleep(600)
        }
    }
    await Task.detached { _ = sleep(600) }.value
}

/// Never return.
@Tool(timeout: .milliseconds(200)) func hang() async throws {
    try await Task.sleep(for: .seconds(600))
}

let host = ToolHost()
try host.register(blockTool)
try host.register(hangTool)

Task(executorPreference: ToolHost.executor) {
    await host.dispatch(Array(repeating: ToolCall(name: "block", arguments: [:]), count: 8)).results
}
for _ in 0..<threads { blocked.wait() }

let finished = DispatchSemaphore(value: 0)
let results = Lock<[ToolResult]>([])
let start = ContinuousClock.now
Task(executorPreference: ToolHost.executor) {
    let received = await host.dispatch([ToolCall(name: "hang", arguments: [:])]).results
    results.withLock { $0 = received }
    finished.signal()
}
let isInTime = finished.wait(timeout: .now() + 30) == .success
print(results.withLock { $0.map(\.status.rawValue).joined() }, ContinuousClock.now - start)
exit(isInTime ? 0 : 1)
