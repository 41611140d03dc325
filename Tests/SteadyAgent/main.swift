import Dispatch
import Glibc
import Locks
import ToolAgent
import ToolHost

// A program for optimised builds: conversations that are read, cancelled and dropped, beside one another.
//
// Some faults of concurrency exist only after optimisation, such as an address of thread-local storage that is used on
// another thread after an `await`. The program checks messages, roles and numbers, and reads no clock. It prints what
// is wrong and exits with status 1, or is terminated by the fault.

/// Runs work on the threads of the host, and blocks until it is done.
func finish(_ work: @escaping @Sendable () async throws -> [String]) -> [String] {
    let done = DispatchSemaphore(value: 0)
    let defects = Lock<[String]>([])
    Task(executorPreference: ToolHost.executor) {
        let result: [String]
        do { result = try await work() } catch { result = ["\(error)"] }
        defects.withLock { $0 = result }
        done.signal()
    }
    done.wait()
    return defects.withLock(\.self)
}

let defects = finish {
    let conversations = try Conversations()
    return try await conversations.outcomes(200) + conversations.events(200) + conversations.cancelledRequests(50)
        + conversations.cancelledCalls(50) + conversations.droppedResponses(50) + conversations.agents(8, turns: 50)
}
for defect in defects.prefix(20) { print(defect) }
if defects.isEmpty { print("all conversations are right") }
exit(defects.isEmpty ? 0 : 1)
