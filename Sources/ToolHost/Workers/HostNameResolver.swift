import Synchronization
import ToolRuntime

/// The host names that one worker process has the host resolve for it.
final class HostNameResolver: Sendable {
    /// Whether the process was told that it may ask.
    private let mayAsk: Bool
    private let open = Mutex(0)

    init(mayAsk: Bool) { self.mayAsk = mayAsk }

    /// Answers a question, later.
    ///
    /// Each takes a thread for as long as the system looks for the name, so their number is bounded; and a worker knows
    /// both rules.
    func ask(_ name: String, _ question: UInt64, of process: WorkerProcess) throws(FrameError) {
        guard mayAsk else { throw FrameError("a host name to resolve, which it may not ask for") }
        let isTaken = open.withLock { open in
            guard open < maximumOpenQuestions else { return false }
            open += 1
            return true
        }
        guard isTaken else { throw FrameError("more than \(maximumOpenQuestions) host names to resolve at once") }
        let isAsked = HostThreads.shared.run { [self] in
            answer(question, name.utf8.count <= 255 ? resolveHostName(name) : nil, process)
        }
        if !isAsked { answer(question, nil, process) }
    }

    private func answer(_ question: UInt64, _ addresses: [String]?, _ process: WorkerProcess) {
        // First, since the worker may ask the next as soon as it has the answer.
        open.withLock { $0 -= 1 }
        process.send(.addresses(question, addresses))
    }
}
