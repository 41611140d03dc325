import Synchronization
import ToolRuntime
import ToolSandbox

/// A plugin whose code runs in a worker process, started at the first call and again after each of its deaths.
final class WorkerPlugin: PluginInstance {
    let registration: PluginRegistration
    let settings: WorkerSettings
    let state: Mutex<State>

    enum Phase {
        /// There is no process, and nothing needs one.
        case none
        /// One is being started for the calls that wait.
        case starting
        case running(WorkerProcess)
    }

    struct State {
        var values: [String: String] = [:]
        var granted = PluginPermissions()
        /// What the process was started with.
        var given = PluginPermissions()
        /// Whether the plugin was granted something else since, so that the process is to be let go.
        var isOutdated = false
        var report: SandboxReport?
        var phase = Phase.none
        var lane = Lane<IsolatedCall>()
        /// Calls that wait for a process.
        var waiting: [IsolatedCall] = []
        /// Calls that were sent to the process and are not over.
        var running: [UInt64: IsolatedCall] = [:]
        /// The running calls that the process was asked to stop.
        ///
        /// If one does not stop, the process is killed with all its calls, so new calls wait until that is decided.
        var stopping: Set<UInt64> = []
        var incidents: [String] = []
        /// Deaths since the last call that ended well.
        var deaths = 0
        var lastUse = MonotonicInstant.now
        /// Whether the process keeps something for later calls.
        var keeps = false
        /// What the process has asked for.
        var questions = HostNameResolver(mayAsk: false)

        /// The process, unless it takes no more calls.
        var acceptingProcess: WorkerProcess? {
            guard case .running(let process) = phase, !isOutdated, stopping.isEmpty else { return nil }
            return process.isEnding ? nil : process
        }

        /// Lets an outdated process go that has nothing to do.
        mutating func retire() -> WorkerProcess? {
            guard case .running(let process) = phase, isOutdated, running.isEmpty else { return nil }
            phase = waiting.isEmpty ? .none : .starting
            return process
        }
    }

    init(registration: PluginRegistration, settings: WorkerSettings) {
        self.registration = registration
        self.settings = settings
        state = Mutex(State())
    }

    deinit {
        if case .running(let process) = state.withLock(\.phase) { process.close() }
    }

    var incidents: [String] { state.withLock(\.incidents) }

    var isConfined: Bool { settings.sandbox != .off }

    /// What its last process told, or else what this kernel has.
    var sandbox: SandboxReport? { isConfined ? state.withLock(\.report) ?? Self.kernel : nil }

    private static let kernel = SandboxReport.probing()

    func configure(_ values: [String: String]) {
        state.withLock { $0.values = values }
    }

    /// Takes effect with the next process: one that runs gets no more calls, and is let go as soon as it has nothing to do.
    func grant(_ permissions: PluginPermissions) {
        let (process, isWaitedFor): (WorkerProcess?, Bool) = state.withLock { state in
            guard state.granted != permissions else { return (nil, false) }
            state.granted = permissions
            state.isOutdated = true
            return (state.retire(), !state.waiting.isEmpty)
        }
        if let process { isWaitedFor ? replace(process) : process.close() }
    }

    // MARK: - Calls

    func start(
        tool index: Int,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> any BackendCall {
        let call = IsolatedCall(
            plugin: self,
            tool: index,
            isConcurrent: registration.tools[index].isConcurrent,
            request: request,
            observe: observe
        )
        if case .run = state.withLock({ $0.lane.admit(call) }) { submit(call) }
        return call
    }

    /// Sends a call whose turn it is, or lets it wait for a process.
    func submit(_ call: IsolatedCall) {
        enum Step { case send(WorkerProcess), start(after: Duration), waitForStart, waitForCalls }
        let step: Step = state.withLock { state in
            if let process = state.acceptingProcess { return .send(process) }
            state.waiting.append(call)
            switch state.phase {
            case .none:
                state.phase = .starting
                return .start(after: Self.delay(afterDeaths: state.deaths))
            case .starting: return .waitForStart
            case .running(let process): return process.isEnding ? .waitForStart : .waitForCalls
            }
        }
        switch step {
        case .send(let process): send(call, to: process)
        case .start(let delay): startProcess(after: delay)
        case .waitForStart: break
        case .waitForCalls: call.startWaiting()
        }
    }

    /// Sends a call, or lets it wait for another process if this one takes no more calls by now.
    func send(_ call: IsolatedCall, to process: WorkerProcess) {
        guard let order = call.begin() else { return leave(call, isOver: true) }
        let bytes = WorkerProcess.bytes(of: .call(call.id, order))
        enum Outcome { case sent, refused, isAnswered }
        let outcome: Outcome = state.withLock { state in
            // A deadline that passes later finds the call among those that run.
            guard !call.isAnswered else { return .isAnswered }
            guard state.acceptingProcess === process, process.send(bytes: bytes) else { return .refused }
            call.wasSent()
            state.running[call.id] = call
            process.setBusy(true)
            return .sent
        }
        switch outcome {
        case .sent: break
        case .isAnswered: leave(call, isOver: true)
        case .refused:
            if process.isEnding { call.leave() }
            submit(call)
        }
    }

    /// Asks the worker to stop a call that has its result, and kills it if the call is not over within its grace period.
    ///
    /// A call that waits for a process is over at once.
    func stop(_ call: IsolatedCall) {
        let (process, isOver): (WorkerProcess?, Bool) = state.withLock { state in
            if let place = state.waiting.firstIndex(where: { $0 === call }) {
                state.waiting.remove(at: place)
                return (nil, true)
            }
            guard state.running[call.id] === call, case .running(let process) = state.phase else { return (nil, false) }
            state.stopping.insert(call.id)
            return (process, false)
        }
        if isOver { leave(call, isOver: true) }
        guard let process else { return }
        process.send(.cancel(call.id))
        _ = DeadlineTimer.shared.schedule(at: .now + call.request.grace) { [self] in
            guard state.withLock({ $0.running[call.id] === call }) else { return }
            process.kill("It did not stop within its grace period, so its process was killed.", call: call.id)
        }
    }

    /// The tool's function has returned, and maybe the call is over as well.
    func leave(_ call: IsolatedCall, isOver: Bool) {
        if isOver { call.leave() }
        let (next, outdated, isWaitedFor, resumed) = state.withLock { state in
            if isOver {
                state.running[call.id] = nil
                state.stopping.remove(call.id)
            }
            if state.running.isEmpty, case .running(let process) = state.phase { process.setBusy(false) }
            state.lastUse = .now
            var resumed: [IsolatedCall] = []
            if !state.waiting.isEmpty, state.acceptingProcess != nil { swap(&resumed, &state.waiting) }
            return (state.lane.leave(call), state.retire(), !state.waiting.isEmpty, resumed)
        }
        if let outdated { isWaitedFor ? replace(outdated) : outdated.close() }
        for call in resumed { submit(call) }
        if let next { submit(next) }
    }

    // MARK: - What the worker says

    func hear(_ message: WorkerMessage, _ process: WorkerProcess) throws(FrameError) {
        switch message {
        case .output(let id, let mediaType, let bytes, let continues):
            guard CallOutput.isMediaType(mediaType) else { throw FrameError("a result without a media type") }
            running(id)?.write(mediaType, bytes, isSameWrite: continues)
        case .progress(let id, let fraction, let text):
            running(id)?.progress(fraction, text)
        case .ended(let id, let end):
            guard let call = running(id) else { return }
            HostThreads.answer {
                call.answer(end.reason, isTruncated: end.isTruncated, duration: end.duration) {
                    // The worker noticed the deadline before this process did; the call still runs.
                    if end.reason == .timedOut { stop(call) }
                }
            }
            state.withLock { $0.deaths = 0 }
        case .returned(let id, let isOver):
            guard let call = running(id) else { return }
            if isOver { failUnanswered(call) }
            leave(call, isOver: isOver)
        case .over(let id):
            guard let call = running(id) else { return }
            failUnanswered(call)
            leave(call, isOver: true)
        case .violation(let sentence):
            record(sentence)
        case .resolve(let question, let name):
            try state.withLock(\.questions).ask(name, question, of: process)
        case .keeps(let keeps):
            // Only what comes of a binding has handles.
            if settings.file.isBinding { state.withLock { $0.keeps = keeps } }
        default:
            throw FrameError("a message that is not expected here")
        }
    }

    private func running(_ id: UInt64) -> IsolatedCall? { state.withLock { $0.running[id] } }

    /// A worker that is done with a call has answered it; one that has not, lies.
    private func failUnanswered(_ call: IsolatedCall) {
        call.answer(.failed("Its worker process was done with the call and gave no answer."))
    }
}
