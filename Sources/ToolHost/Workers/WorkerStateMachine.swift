import ToolRuntime

/// The lifecycle of one plugin's worker process, and of the calls that wait for it or run in it.
///
/// The machine is a pure value: every event is a method that returns the actions to perform, in order. The caller locks
/// the machine for each event, and performs the actions after it has released the lock, because they lead to further
/// events or take long. It also calls ``deadlineTick(at:)`` at the time ``alarm``.
///
/// ``callIsReady(_:for:at:transmit:)`` passes the call to the process while the lock is held.
struct WorkerStateMachine<Call: WorkerCall, Process: AnyObject & Sendable>: Sendable {
    typealias Entry = WorkerCallEntry<Call>
    typealias Actions = ShortList<Action>

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
        /// Encode the call, and report ``callIsReady(_:for:at:transmit:)``.
        case prepare(Call, Process)
        /// Complete a call whose timeout has passed, and stop it.
        case expire(Call)
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

    enum Phase { case idle, backingOff, registering, running(Process), ending(Process) }

    var phase = Phase.idle
    /// True if the grants have changed since the last process started.
    var isOutdated = false
    /// The order of the calls that run one after another.
    private var lane = Lane<Call>()
    /// The calls that wait for a process, in order.
    var waiting: [Entry] = []
    /// The calls that are being encoded.
    private var preparing: [Entry] = []
    /// The calls that were passed to the process and are not over, in the order of their identifiers.
    var running: [Entry] = []
    /// The number of running calls that the process was asked to stop.
    var stoppingCalls = 0
    /// The number of deaths since the last call that was answered.
    var deaths = 0
    var lastUse: MonotonicInstant
    /// The time of the next ``deadlineTick(at:)``, at which a timeout may have passed.
    var alarm = MonotonicInstant.endOfTime
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
        case .running(let process) where stoppingCalls > 0: .stopping(process)
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
    func runningCall(_ id: UInt64) -> Call? { index(ofRunning: id).map { running[$0].call } }

    // MARK: - Calls

    /// A new call arrived.
    mutating func submit(_ call: Call, at now: MonotonicInstant) -> Actions {
        if !call.isConcurrent, case .wait = lane.admit(call) { return Actions() }
        return route(Entry(call), at: now)
    }

    /// Sends a call whose turn it is, or lets it wait for a process.
    mutating func route(_ entry: Entry, at now: MonotonicInstant) -> Actions {
        switch state {
        case .ready(let process), .busy(let process):
            preparing.append(entry)
            return Actions(.prepare(entry.call, process))
        case .idle:
            waiting.append(entry)
            phase = .backingOff
            return Actions(.startProcess(after: Self.delay(afterDeaths: deaths)))
        case .backingOff, .registering, .ending:
            waiting.append(entry)
        case .stopping, .retiring:
            var entry = entry
            // The plugin decides how long its calls take, so this wait counts for the timeout.
            if entry.deadline == nil { startTimeout(of: &entry, at: now) }
            waiting.append(entry)
        }
        return Actions()
    }

    /// A call has been encoded for a process.
    ///
    /// - Parameters:
    ///   - start: The time from which the timeout counts.
    ///   - transmit: Passes the call to the process without blocking, and returns the number of bytes that the process
    ///     was passed before, or nil if the process is ending. It is part of the transition: a later request to stop
    ///     must follow the call, and an exit must find it.
    mutating func callIsReady(
        _ call: Call,
        for process: Process,
        at start: MonotonicInstant,
        transmit: () -> Int?
    ) -> Actions {
        // It was stopped meanwhile.
        guard let index = preparing.firstIndex(where: { $0.call === call }) else { return Actions() }
        var entry = preparing.remove(at: index)
        guard case .running(let current) = phase, current === process else {
            // The start of a process does not count for the timeout.
            entry.deadline = nil
            return route(entry, at: start)
        }
        startTimeout(of: &entry, at: start)
        guard acceptsCalls else { return route(entry, at: start) }
        guard let position = transmit() else {
            phase = .ending(process)
            entry.deadline = nil
            waiting.append(entry)
            return Actions()
        }
        entry.attempts += 1
        entry.position = position
        running.insert(entry, at: insertionIndex(of: call.id))
        return Actions()
    }

    /// The process sent the result of a call.
    ///
    /// - Returns: The call, or nil if it does not run.
    mutating func callDidAnswer(_ id: UInt64) -> Call? {
        deaths = 0
        guard let index = index(ofRunning: id) else { return nil }
        running[index].isAnswered = true
        return running[index].call
    }

    /// The tool's function returned.
    ///
    /// - Parameter isOver: True if the process does nothing more for the call.
    mutating func callDidReturn(_ call: Call, isOver: Bool, at now: MonotonicInstant) -> Actions {
        if isOver, let index = index(ofRunning: call.id) {
            if running[index].isStopping { stoppingCalls -= 1 }
            running.remove(at: index)
        }
        lastUse = now
        let next = call.isConcurrent ? nil : lane.leave(call)
        var actions = retireIfUnused()
        if !waiting.isEmpty, acceptsCalls {
            let resumed = waiting
            waiting = []
            for entry in resumed { actions.append(contentsOf: route(entry, at: now)) }
        }
        if let next { actions.append(contentsOf: route(Entry(next), at: now)) }
        return actions
    }

    /// A call has its result and is to stop.
    ///
    /// A call that has not been passed to the process is over at once. One that waits for its turn in the lane is over
    /// when that comes.
    mutating func stop(_ call: Call, at now: MonotonicInstant) -> Actions {
        if let place = waiting.firstIndex(where: { $0.call === call }) {
            waiting.remove(at: place)
            return callDidReturn(call, isOver: true, at: now)
        }
        if let place = preparing.firstIndex(where: { $0.call === call }) {
            preparing.remove(at: place)
            return callDidReturn(call, isOver: true, at: now)
        }
        guard let index = index(ofRunning: call.id), let process else { return Actions() }
        if !running[index].isStopping { stoppingCalls += 1 }
        running[index].isStopping = true
        running[index].isAnswered = true
        return Actions(.requestStop(call, process))
    }

    /// The grace period of a stopped call has passed.
    mutating func graceDidExpire(_ call: Call) -> Actions {
        guard index(ofRunning: call.id) != nil, let process else { return Actions() }
        phase = .ending(process)
        return Actions(.kill(process, .ignoredStop(call)))
    }

    // MARK: - The running calls

    /// Returns the index of the running call with an identifier.
    private func index(ofRunning id: UInt64) -> Int? {
        let index = insertionIndex(of: id)
        return index < running.count && running[index].call.id == id ? index : nil
    }

    /// Returns the index of the first running call whose identifier is at least the given one.
    private func insertionIndex(of id: UInt64) -> Int {
        var (low, high) = (0, running.count)
        while low < high {
            let middle = (low + high) / 2
            if running[middle].call.id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension WorkerStateMachine.State: Equatable where Process: Equatable {}
extension WorkerStateMachine.Action: Equatable where Call: Equatable, Process: Equatable {}
extension WorkerStateMachine.Failure: Equatable where Call: Equatable {}
extension WorkerStateMachine.Misconduct: Equatable where Call: Equatable {}
