import ToolRuntime

/// The lifecycle of one plugin's worker process, and of the calls that wait for it or run in it.
///
/// The machine is a pure value: every event is a method that returns the actions to perform, in order. The caller locks
/// the machine for each event, and performs the actions in two steps:
///
/// - The changes of timeouts, ``Action/startTimeout(_:)`` and ``Action/cancelTimeout(_:)``, before it releases the
///   lock. As soon as another thread can see the call, it may start the timeout anew, which a late change would cancel.
/// - All others after it has released the lock, because they lead to further events or take long.
///
/// ``callIsReady(_:for:transmit:)`` also sends the call while the lock is held.
struct WorkerStateMachine<Call: WorkerCall, Process: AnyObject & Sendable>: Sendable {
    /// The states of the lifecycle.
    ///
    /// A plugin in quarantine and one whose process cannot be started are idle: each new call tries again, because the
    /// user can repair both while the host runs.
    enum State {
        /// There is no process, and no call needs one.
        case idle
        /// A process is to be started, after the pause that recent deaths require.
        case backingOff
        /// A process has been started with the current grants; it loads the plugin and registers.
        case registering
        /// The process runs no call.
        case ready(Process)
        /// The process runs calls and takes more.
        case busy(Process)
        /// A call was asked to stop. If it does not, the process is killed with all its calls, so new calls wait.
        case stopping(Process)
        /// The grants have changed since the process started. It completes its calls and takes no others.
        case retiring(Process)
        /// The process was killed or has closed its connection, and its exit is awaited.
        case ending(Process)
    }

    /// An action that the caller performs.
    enum Action {
        /// Start a process after a pause, and report ``startDidBegin()`` at that moment.
        case startProcess(after: Duration)
        /// Start the call's timeout, encode the call, and report ``callIsReady(_:for:transmit:)``.
        case prepare(Call, Process)
        /// Start the timeout of a call that waits for other calls, unless the timeout runs already. Under the lock.
        case startTimeout(Call)
        /// Cancel the timeout of a call that is over or has lost its process. Under the lock.
        case cancelTimeout(Call)
        /// Ask the process to stop a call, and report ``graceDidExpire(_:)`` after the call's grace period.
        case requestStop(Call, Process)
        /// Stop those of the calls that run long after their result.
        case stopOverdueCalls([Call])
        /// Complete a call with a failure.
        case fail(Call, Failure)
        case kill(Process, Misconduct)
        /// Close the connection; the process exits by itself.
        case close(Process)
        /// Report ``idleTick(of:used:received:idleTime:at:)`` after a while.
        case watch(Process)
    }

    /// The reason why a call fails.
    ///
    /// The sentences come with the event.
    enum Failure {
        /// No process of the plugin served the call.
        case noProcess(String, Remedy? = nil)
        /// The call made its process exit.
        case crashed(String)
        /// The process exited for another reason, or because of another call.
        case lost(String, crashedCall: Call?)
    }

    /// The reason why a process is killed.
    enum Misconduct {
        /// The call did not stop within its grace period.
        case ignoredStop(Call)
        /// The process sent too many messages while no call ran.
        case floodedHost
        /// The process used the processor while no call ran.
        case usedProcessor
    }

    /// A call and its history.
    struct Entry {
        let call: Call
        /// The number of processes that the call was sent to.
        var attempts = 0
        /// The number of processes that exited while the call waited to be sent.
        var endedProcesses = 0
    }

    enum Phase { case idle, backingOff, registering, running(Process), ending(Process) }

    var phase = Phase.idle
    /// True if the grants have changed since the last process started.
    var isOutdated = false
    private var lane = Lane<Call>()
    /// The calls that wait for a process, in order.
    var waiting: [Entry] = []
    /// The calls that are being encoded.
    private var preparing: [UInt64: Entry] = [:]
    /// The calls that were sent to the process and are not over.
    var running: [UInt64: Entry] = [:]
    /// The running calls that the process was asked to stop.
    var stopping: Set<UInt64> = []
    /// The running calls that have their result.
    var answered: Set<UInt64> = []
    /// The number of deaths since the last call that was answered.
    var deaths = 0
    var lastUse: MonotonicInstant
    /// True if the process keeps something for later calls, so that it is not closed for being idle.
    var keepsState = false
    /// The last measurement of an idle process.
    var rest: Rest?

    init(at now: MonotonicInstant) { lastUse = now }

    var state: State {
        switch phase {
        case .idle: .idle
        case .backingOff: .backingOff
        case .registering: .registering
        case .running(let process) where isOutdated: .retiring(process)
        case .running(let process) where !stopping.isEmpty: .stopping(process)
        case .running(let process): running.isEmpty ? .ready(process) : .busy(process)
        case .ending(let process): .ending(process)
        }
    }

    /// The registered process.
    var process: Process? {
        switch phase {
        case .running(let process), .ending(let process): process
        case .idle, .backingOff, .registering: nil
        }
    }

    /// True if the process runs calls.
    var isBusy: Bool { !running.isEmpty }

    private var acceptsCalls: Bool {
        switch state {
        case .ready, .busy: true
        default: false
        }
    }

    /// The running call with an identifier.
    func runningCall(_ id: UInt64) -> Call? { running[id]?.call }

    // MARK: - Calls

    /// A new call arrived.
    mutating func submit(_ call: Call) -> [Action] {
        guard case .run = lane.admit(call) else { return [] }
        return route(Entry(call: call))
    }

    /// Sends a call whose turn it is, or lets it wait for a process.
    mutating func route(_ entry: Entry) -> [Action] {
        switch state {
        case .ready(let process), .busy(let process):
            preparing[entry.call.id] = entry
            return [.prepare(entry.call, process)]
        case .idle:
            waiting.append(entry)
            phase = .backingOff
            return [.startProcess(after: Self.delay(afterDeaths: deaths))]
        case .backingOff, .registering, .ending:
            waiting.append(entry)
            return []
        case .stopping, .retiring:
            // The plugin decides how long its calls take, so this wait counts for the timeout.
            waiting.append(entry)
            return [.startTimeout(entry.call)]
        }
    }

    /// A call has been encoded for a process.
    ///
    /// - Parameter transmit: Passes the call to the process without blocking; returns false if the process is ending.
    ///   It is part of the transition: a later request to stop must follow the call, and an exit must find it.
    mutating func callIsReady(_ call: Call, for process: Process, transmit: () -> Bool) -> [Action] {
        // It was stopped meanwhile.
        guard var entry = preparing.removeValue(forKey: call.id) else { return [] }
        guard case .running(let current) = phase, current === process else {
            // The start of a process does not count for the timeout.
            return [.cancelTimeout(call)] + route(entry)
        }
        guard acceptsCalls else { return route(entry) }
        guard transmit() else {
            phase = .ending(process)
            waiting.append(entry)
            return [.cancelTimeout(call)]
        }
        entry.attempts += 1
        running[call.id] = entry
        return []
    }

    /// The process sent the result of a call.
    mutating func callDidAnswer(_ call: Call) {
        if running[call.id] != nil { answered.insert(call.id) }
        deaths = 0
    }

    /// The tool's function returned.
    ///
    /// - Parameter isOver: True if the process does nothing more for the call.
    mutating func callDidReturn(_ call: Call, isOver: Bool, at now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        if isOver {
            actions.append(.cancelTimeout(call))
            running[call.id] = nil
            stopping.remove(call.id)
            answered.remove(call.id)
        }
        lastUse = now
        let next = lane.leave(call)
        actions += retireIfUnused()
        if acceptsCalls {
            let resumed = waiting
            waiting = []
            for entry in resumed { actions += route(entry) }
        }
        if let next { actions += route(Entry(call: next)) }
        return actions
    }

    /// A call has its result and is to stop.
    ///
    /// A call that has not been sent is over at once. One that waits for its turn in the lane is over when that comes.
    mutating func stop(_ call: Call, at now: MonotonicInstant) -> [Action] {
        if let place = waiting.firstIndex(where: { $0.call === call }) {
            waiting.remove(at: place)
            return callDidReturn(call, isOver: true, at: now)
        }
        if preparing.removeValue(forKey: call.id) != nil { return callDidReturn(call, isOver: true, at: now) }
        guard running[call.id] != nil, let process else { return [] }
        stopping.insert(call.id)
        answered.insert(call.id)
        return [.requestStop(call, process)]
    }

    /// The grace period of a stopped call has passed.
    mutating func graceDidExpire(_ call: Call) -> [Action] {
        guard running[call.id] != nil, let process else { return [] }
        phase = .ending(process)
        return [.kill(process, .ignoredStop(call))]
    }
}

extension WorkerStateMachine.State: Equatable where Process: Equatable {}
extension WorkerStateMachine.Action: Equatable where Call: Equatable, Process: Equatable {}
extension WorkerStateMachine.Failure: Equatable where Call: Equatable {}
extension WorkerStateMachine.Misconduct: Equatable where Call: Equatable {}
