import Dispatch
import Glibc
import Synchronization
import ToolHost
import ToolPlugin

// Eight tools block every thread of Swift's shared pool, and a ninth never answers. Its deadline must be kept all the
// same for a caller who does not depend on that pool: the main thread, which waits here for a task on the host's.

let threads = sysconf(Int32(_SC_NPROCESSORS_ONLN))
let blocked = DispatchSemaphore(value: 0)

/// Holds up threads of the shared pool.
@Tool func block() async {
    for _ in 0..<threads {
        Task.detached {
            blocked.signal()
            sleep(600)
        }
    }
    await Task.detached { _ = sleep(600) }.value
}

/// Never answers.
@Tool(timeout: .milliseconds(200)) func hang() async throws {
    try await Task.sleep(for: .seconds(600))
}

let host = ToolHost()
try host.register(blockTool)
try host.register(hangTool)

Task(executorPreference: ToolHost.executor) {
    await host.dispatch(Array(repeating: ToolCall(name: "block", arguments: [:]), count: 8))
}
for _ in 0..<threads { blocked.wait() }

let answered = DispatchSemaphore(value: 0)
let answers = Mutex<[ToolResult]>([])
let start = ContinuousClock.now
Task(executorPreference: ToolHost.executor) {
    let given = await host.dispatch([ToolCall(name: "hang", arguments: [:])])
    answers.withLock { $0 = given }
    answered.signal()
}
let isInTime = answered.wait(timeout: .now() + 30) == .success
print(answers.withLock { $0.map(\.status.rawValue).joined() }, ContinuousClock.now - start)
exit(isInTime ? 0 : 1)
