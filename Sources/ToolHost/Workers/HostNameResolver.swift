import Locks
import ToolRuntime

/// A resolver of host names for one worker process.
final class HostNameResolver: Sendable {
    /// True if the process may have host names resolved.
    let mayAsk: Bool
    private let openQuestions = Lock(0)

    init(mayAsk: Bool) { self.mayAsk = mayAsk }

    /// Resolves a host name on another thread, and sends the addresses to the process.
    ///
    /// Each question blocks a thread while the system resolves the name, so their number is bounded. The worker knows
    /// both rules.
    ///
    /// - Throws: If the process may not ask, or has too many open questions.
    func resolve(_ name: String, _ question: UInt64, for process: WorkerProcess) throws(FrameError) {
        guard mayAsk else { throw FrameError("a host name to resolve, which it may not ask for") }
        let isAccepted = openQuestions.withLock { open in
            guard open < maximumOpenQuestions else { return false }
            open += 1
            return true
        }
        guard isAccepted else { throw FrameError("more than \(maximumOpenQuestions) host names to resolve at once") }
        let isRunning = HostThreads.shared.run { [self] in
            send(name.utf8.count <= 255 ? resolveHostName(name) : nil, question, to: process)
        }
        if !isRunning { send(nil, question, to: process) }
    }

    private func send(_ addresses: [String]?, _ question: UInt64, to process: WorkerProcess) {
        // Before the message, because the worker may ask again as soon as it has the addresses.
        openQuestions.withLock { $0 -= 1 }
        process.send(.addresses(question, addresses))
    }
}
