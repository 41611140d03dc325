import CWorker
import Glibc
import Locks
import Synchronization
import SystemPackage
import ToolRuntime

/// A worker process as its host sees it.
///
/// One thread at a time reads its messages; any thread may send.
final class WorkerProcess: Sendable {
    let child: pid_t
    /// The connection, which is closed after the exit.
    let socket: FileDescriptor
    /// The pipe for crash notes.
    let notes: FileDescriptor
    /// The pipe of the process's standard output and error.
    let output: FileDescriptor
    /// The descriptor that becomes readable at the exit; below 0 if the kernel has none.
    let exitDescriptor: Int32
    /// The events that the process's own thread in the host waits for.
    let poller: WorkerPoller
    let state: Lock<State>
    let received = Atomic(0)
    /// The number of callers that read the messages of the process.
    let assistants = Atomic(0)
    /// True if the poller reports messages.
    ///
    /// Its own thread sets it to false after such a report.
    let isArmed = Atomic(false)
    private let group: ProcessGroup
    let isBusy = Atomic(false)
    private let isDue = Atomic(false)

    struct State {
        /// The connection, or nil once the process has exited.
        var socket: FileDescriptor?
        var outbox = WorkerOutbox()
        var killed: WorkerExit.Kill?
        /// True once the process has closed its end of the socket.
        var isClosed = false
        /// True once the process is about to be reaped, so that its identifier may be reused.
        var isOver = false
        /// True if the process handles no message that is sent from now on.
        var isEnding: Bool { isClosed || killed != nil || socket == nil }
        /// The time from which shared pages may be divided again.
        var nextShare = MonotonicInstant.now
    }

    init(
        child: pid_t,
        bounds: ProcessGroup.Bounds,
        socket: FileDescriptor,
        notes: FileDescriptor,
        output: FileDescriptor,
        exitDescriptor: Int32,
        poller: WorkerPoller
    ) {
        self.child = child
        self.socket = socket
        group = ProcessGroup(leader: child, bounds: bounds)
        self.notes = notes
        self.output = output
        self.exitDescriptor = exitDescriptor
        self.poller = poller
        state = Lock(State(socket: socket))
    }

    // MARK: - Termination

    /// Kills the process and all processes that it started.
    ///
    /// - Parameters:
    ///   - reason: The reason, as calls report it. The first reason counts.
    ///   - isFault: True if the plugin's code is to blame as for a crash.
    ///   - call: The identifier of the call that is the reason, if it is known.
    func kill(_ reason: String, isFault: Bool = false, call: UInt64? = nil) {
        state.withLock { state in
            guard !state.isOver else { return }
            if state.killed == nil { state.killed = WorkerExit.Kill(reason: reason, isFault: isFault, call: call) }
            // The kernel lets no member of the group fork meanwhile, and no member can leave the group.
            _ = Glibc.kill(-child, SIGKILL)
            // The process may not have its own group yet.
            _ = Glibc.kill(child, SIGKILL)
        }
    }

    /// Interrupts the code that runs on the first thread of the process, as Ctrl-C does.
    ///
    /// The processes that it started are not interrupted.
    func interrupt() {
        state.withLock { state in
            guard !state.isOver, state.killed == nil else { return }
            _ = Glibc.kill(child, SIGINT)
        }
    }

    /// Shuts the socket down; the process exits by itself.
    func close() {
        state.withLock { state in
            guard let socket = state.socket, !state.isOver else { return }
            if state.killed == nil { state.killed = WorkerExit.Kill(reason: "It was no longer needed.") }
            shutdown(socket.rawValue, Int32(SHUT_RDWR))
        }
    }

    // MARK: - Resources

    /// The processor time that the process has used so far; zero after its exit.
    var processorTime: Duration {
        state.withLock { $0.isOver ? .zero : .nanoseconds(Int64(clamping: worker_processor_time(child))) }
    }

    /// The number of bytes that the process has sent so far.
    var receivedBytes: Int { received.load(ordering: .relaxed) }

    /// Records whether calls run.
    ///
    /// While they do, the group is checked every 20 ms.
    func setBusy(_ busy: Bool) {
        guard isBusy.load(ordering: .relaxed) != busy else { return }
        isBusy.store(busy, ordering: .sequentiallyConsistent)
        if busy { WorkerWatch.shared.wake() }
    }

    /// Requests one check of the group.
    func checkGroupSoon() {
        isDue.store(true, ordering: .sequentiallyConsistent)
        WorkerWatch.shared.wake()
    }

    /// True if the watch has something to do for the process.
    var isWatched: Bool {
        isBusy.load(ordering: .sequentiallyConsistent) || isDue.load(ordering: .sequentiallyConsistent)
            || !isArmed.load(ordering: .sequentiallyConsistent)
    }

    /// Arms the socket, and kills the process if its group uses more than it may.
    ///
    /// - Returns: True if the group is to be checked again.
    func check() -> Bool {
        let isBusy = isBusy.load(ordering: .sequentiallyConsistent)
        // A busy worker may have an answer. To arm its socket once too often costs little, and a missed time would cost
        // the call.
        if isBusy { rearmUnlessAssisted() } else { armUnlessAssisted() }
        let isDue = isDue.exchange(false, ordering: .sequentiallyConsistent)
        guard isBusy || isDue else { return false }
        let start = MonotonicInstant.now
        let mayTakeLong: Bool? = state.withLock { $0.isOver ? nil : start >= $0.nextShare }
        guard let mayTakeLong else { return isBusy }
        var tookLong = false
        // The identifier is the process's own until `isOver`, which `kill` checks.
        if let excess = group.excess(mayTakeLong: mayTakeLong, countsLocks: isDue, tookLong: &tookLong) {
            kill(excess, isFault: true)
        }
        if tookLong {
            // Takes at most a tenth of the time.
            let end = MonotonicInstant.now
            state.withLock { $0.nextShare = end + end.since(start) * 9 }
        }
        return isBusy
    }
}
