import ToolJSON
import ToolRuntime
import ToolSandbox

/// A plugin whose code runs in a worker process.
///
/// The process starts at the first call, and again after it has exited. ``WorkerStateMachine`` decides what happens;
/// this class performs its actions.
final class WorkerPlugin: Sendable {
    typealias Machine = WorkerStateMachine<IsolatedCall, WorkerProcess>

    let registration: PluginRegistration
    let settings: WorkerSettings
    /// A monitor and not a mutex, so that tests can wait for a transition.
    let state = Monitor(State())

    struct State {
        var machine = Machine(at: .now)
        /// The conversation with the registered process.
        var conversation: WorkerConversation?
        /// The timer for the machine's alarm, and the time for which it is set.
        var alarm: (timer: DeadlineTimer.Token, time: MonotonicInstant)?
        var values: [String: String] = [:]
        var granted = PluginPermissions()
        /// The report of the last process about its sandbox.
        var sandbox: SandboxReport?
        var incidents: [String] = []
    }

    init(registration: PluginRegistration, settings: WorkerSettings) {
        self.registration = registration
        self.settings = settings
    }

    deinit { state.changeQuietly { $0.machine.process }?.close() }

    // MARK: - Transitions

    /// Passes an event to the state machine, and performs the actions that it returns.
    func handle(_ event: (inout Machine) -> Machine.Actions) {
        let actions = state.change { state in apply(event, to: &state) }
        guard !actions.isEmpty else { return }
        perform(actions)
        flush()
    }

    /// Passes an event to the state machine while the state is locked.
    ///
    /// - Returns: The actions, for ``perform(_:)`` after the lock is released.
    func apply(_ event: (inout Machine) -> Machine.Actions, to state: inout State) -> Machine.Actions {
        let actions = event(&state.machine)
        // Within the lock, so that the changes reach the watch and the timer in order.
        state.machine.process?.setBusy(state.machine.isBusy)
        if state.machine.alarm < state.alarm?.time ?? .endOfTime { setAlarm(&state) }
        return actions
    }

    /// Sets the timer for the machine's alarm.
    private func setAlarm(_ state: inout State) {
        if let alarm = state.alarm { DeadlineTimer.shared.cancel(alarm.timer) }
        let time = state.machine.alarm
        let timer = DeadlineTimer.shared.schedule(at: time) { [weak self] in
            self?.alarmDidCome()
        }
        state.alarm = (timer, time)
    }

    private func alarmDidCome() {
        let actions = state.change { state in
            state.alarm = nil
            return apply({ $0.deadlineTick(at: .now) }, to: &state)
        }
        perform(actions)
    }

    /// Performs actions after the lock is released.
    ///
    /// The calls among them wait for ``flush()``.
    func perform(_ actions: Machine.Actions) {
        actions.forEach { perform($0) }
    }

    private func perform(_ action: Machine.Action) {
        switch action {
        case .startProcess(let delay): startProcess(after: delay)
        case .prepare(let call, let process): prepare(call, for: process)
        case .expire(let call):
            // A complete call may still run.
            if !call.stop(.timedOut) { stop(call) }
        case .requestStop(let call, let process):
            process.send(.cancel(call.id))
            // Code in C notices a signal sooner than a message, which another thread of the interpreter would read.
            if settings.python != nil, !call.isConcurrent { process.interrupt() }
            _ = DeadlineTimer.shared.schedule(at: .now + call.request.grace) { [self] in
                handle { $0.graceDidExpire(call) }
            }
        case .stopOverdueCalls(let calls):
            for call in calls where call.isOverdue { stop(call) }
        case .fail(let call, let failure): fail(call, failure)
        case .kill(let process, let misconduct): kill(process, misconduct)
        case .close(let process): process.close()
        case .watch(let process): watch(process)
        }
    }

    private func prepare(_ call: IsolatedCall, for process: WorkerProcess) {
        let now = MonotonicInstant.now
        // It may have its result by now.
        guard call.begin(at: now) else { return stop(call) }
        handle { $0.callIsReady(call, for: process, at: now) { process.queue(call.message) } }
    }

    /// Stops a call that has its result.
    func stop(_ call: IsolatedCall) { handle { $0.stop(call, at: .now) } }

    private func kill(_ process: WorkerProcess, _ misconduct: Machine.Misconduct) {
        switch misconduct {
        case .ignoredStop(let call):
            process.kill("It did not stop within its grace period, so its process was killed.", call: call.id)
        case .floodedHost:
            kill(process, incident: "It sent messages without end while no call ran, so its process was killed.")
        case .usedProcessor:
            kill(process, incident: "It used the processor while no call ran, so its process was killed.")
        }
    }

    private func kill(_ process: WorkerProcess, incident: String) {
        process.kill(incident)
        record(incident)
    }

    /// Measures a process after a while, and closes or kills one that has no calls.
    private func watch(_ process: WorkerProcess) {
        _ = DeadlineTimer.shared.schedule(at: .now + min(settings.workers.idle, .seconds(1))) { [weak self] in
            guard let self else { return process.close() }
            process.checkGroupSoon()
            let (used, received, idleTime) = (process.processorTime, process.receivedBytes, settings.workers.idle)
            handle { $0.idleTick(of: process, used: used, received: received, idleTime: idleTime, at: .now) }
        }
    }

    // MARK: - Sentences

    private func fail(_ call: IsolatedCall, _ failure: Machine.Failure) {
        switch failure {
        case .noProcess(let sentence, let remedy): call.complete(.failed(sentence), remedy: remedy)
        case .crashed(let sentence):
            call.complete(.failed("\(name(of: call)) brought its worker process down. \(sentence)"))
        case .lost(let sentence, let crashedCall):
            // An interpreter writes no note about the call whose code crashed, so it may be this call.
            let unknown = settings.python == nil ? "Another call of the plugin" : "It or another call of the plugin"
            let other = crashedCall.map { "A call of \(name(of: $0))" } ?? unknown
            call.complete(.failed("The worker process died while it ran. \(other) is why: \(sentence)"))
        }
    }

    /// The name of a call's tool.
    func name(of call: IsolatedCall) -> String {
        (try? JSON(parsing: registration.tools[call.tool].schema))?["name"]?.string ?? "The tool"
    }

    private static let maximumIncidents = 32

    /// Records an incident, unless it is known or there are too many.
    func record(_ incident: String) {
        state.change { state in
            guard state.incidents.count < Self.maximumIncidents, !state.incidents.contains(incident) else { return }
            state.incidents.append(incident)
        }
    }
}
