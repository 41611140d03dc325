import Synchronization
import ToolRuntime
import ToolSandbox

/// A plugin whose code runs in a worker process, started at the first call and again after each of its deaths.
final class WorkerPlugin: PluginInstance {
    let registration: PluginRegistration
    private let settings: WorkerSettings
    private let state: Mutex<State>

    private enum Phase {
        /// There is no process, and nothing needs one.
        case none
        /// One is being started for the calls that wait.
        case starting
        case running(WorkerProcess)
    }

    private struct State {
        var values: [String: String] = [:]
        var granted = PluginPermissions()
        var report: SandboxReport?
        var phase = Phase.none
        var lane = Lane<IsolatedCall>()
        /// Calls that wait for a process.
        var waiting: [IsolatedCall] = []
        /// Calls that the process has been told of and is not done with.
        var running: [UInt64: IsolatedCall] = [:]
        var incidents: [String] = []
        /// Deaths since the last call that ended well.
        var deaths = 0
        var lastUse = MonotonicInstant.now
        /// Whether the process keeps something for later calls.
        var keeps = false
    }

    private static let maximumIncidents = 32

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

    /// Takes effect with the next process: one that runs is let go as soon as it has nothing to do.
    func grant(_ permissions: PluginPermissions) {
        let process: WorkerProcess? = state.withLock { state in
            guard state.granted != permissions else { return nil }
            state.granted = permissions
            guard case .running(let process) = state.phase, state.running.isEmpty else { return nil }
            state.phase = .none
            return process
        }
        process?.close()
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

    /// Sends a call whose turn it is, or has it wait for a process.
    private func submit(_ call: IsolatedCall) {
        enum Step { case send(WorkerProcess), start(after: Duration), wait }
        let step: Step = state.withLock { state in
            switch state.phase {
            case .running(let process):
                state.running[call.id] = call
                return .send(process)
            case .starting:
                state.waiting.append(call)
                return .wait
            case .none:
                state.waiting.append(call)
                state.phase = .starting
                return .start(after: Self.delay(afterDeaths: state.deaths))
            }
        }
        switch step {
        case .send(let process): send(call, to: process)
        case .start(let delay): startProcess(after: delay)
        case .wait: break
        }
    }

    private func send(_ call: IsolatedCall, to process: WorkerProcess) {
        if let order = call.begin() {
            process.send(.call(call.id, order))
        } else {
            leave(call, isOver: true)
        }
    }

    /// Nobody waits for a call any more: the worker is to stop it, and is stopped itself where it does not.
    func stop(_ call: IsolatedCall) {
        let process: WorkerProcess? = state.withLock { state in
            guard state.running[call.id] === call, case .running(let process) = state.phase else { return nil }
            return process
        }
        guard let process else { return }
        process.send(.cancel(call.id))
        _ = DeadlineTimer.shared.schedule(at: .now + call.request.grace) { [self] in
            guard state.withLock({ $0.running[call.id] === call }) else { return }
            process.kill("It did not stop when it had to, so its process was ended.")
        }
    }

    /// The tool's function has returned, and maybe the call is over as well.
    private func leave(_ call: IsolatedCall, isOver: Bool) {
        let next = state.withLock { state in
            if isOver { state.running[call.id] = nil }
            state.lastUse = .now
            return state.lane.leave(call)
        }
        if let next { submit(next) }
    }

    // MARK: - The process

    /// A plugin that dies again and again gets a pause before each new start, longer every time.
    private static func delay(afterDeaths deaths: Int) -> Duration {
        deaths < 2 ? .zero : min(.milliseconds(50 << min(deaths - 2, 10)), .seconds(5))
    }

    private func startProcess(after delay: Duration) {
        let run: @Sendable () -> Void = { [self] in
            let isRunning = HostThreads.shared.run { [settings, weak self] in
                Self.live(settings) { [weak self] in self }
            }
            if !isRunning { fail("The system has no thread left to run it on.") }
        }
        if delay == .zero { run() } else { _ = DeadlineTimer.shared.schedule(at: .now + delay, run) }
    }

    /// The whole life of a process, on a thread of its own.
    ///
    /// - Parameter plugin: Gives the plugin, which may go before its process does and takes it along.
    private static func live(_ settings: WorkerSettings, of plugin: @Sendable () -> WorkerPlugin?) {
        if let sentence = settings.quarantine?.sentence(for: settings.file) {
            plugin()?.fail(sentence)
            return
        }
        let conversation: WorkerConversation
        do throws(WorkerFailure) {
            let granted = plugin()?.state.withLock(\.granted) ?? PluginPermissions()
            conversation = try WorkerConversation(settings, granted)
        } catch {
            plugin()?.fail(error.sentence)
            return
        }
        let end = conversation.listen(
            confined: { report in plugin()?.state.withLock { $0.report = report } },
            registered: { registration, process throws(FrameError) in
                guard let plugin = plugin() else { return process.close() }
                guard registration == plugin.registration else {
                    throw FrameError("a registration that differs from the one that its tools were listed by")
                }
                plugin.begin(process)
            },
            hear: { message, process throws(FrameError) in try plugin()?.hear(message, process) }
        )
        plugin()?.bury(end)
    }

    private func begin(_ process: WorkerProcess) {
        let calls = state.withLock { state in
            process.send(.configure(state.values, mayResolve: !state.granted.network.isEmpty))
            state.phase = .running(process)
            state.keeps = false
            defer { state.waiting = [] }
            for call in state.waiting { state.running[call.id] = call }
            return state.waiting
        }
        for call in calls { send(call, to: process) }
        watchIdleness(of: process)
    }

    private func watchIdleness(of process: WorkerProcess) {
        _ = DeadlineTimer.shared.schedule(at: .now + settings.idle) { [weak self] in
            guard let self else { return process.close() }
            let isIdle: Bool? = state.withLock { state in
                guard case .running(let current) = state.phase, current === process else { return nil }
                guard state.running.isEmpty, !state.keeps, MonotonicInstant.now.since(state.lastUse) >= settings.idle
                else {
                    return false
                }
                state.phase = .none
                return true
            }
            switch isIdle {
            case true?: process.close()
            case false?: watchIdleness(of: process)
            case nil: break
            }
        }
    }

    /// There is no process to be had: the calls that wait for one are answered.
    private func fail(_ sentence: String) {
        let calls = state.withLock { state in
            state.phase = .none
            defer { state.waiting = [] }
            return state.waiting
        }
        for call in calls {
            call.answer(.failed(sentence))
            leave(call, isOver: true)
        }
    }

    /// The process has ended: what it left undone is answered, or run once more.
    private func bury(_ end: WorkerConversation.End) {
        var (lost, waiting): ([IsolatedCall], [IsolatedCall]) = ([], [])
        state.withLock { state in
            if case .running(let process) = state.phase, process === end.process { state.phase = .none }
            if case .starting = state.phase, !end.didRegister { state.phase = .none }
            guard case .none = state.phase else { return }
            lost = state.running.values.sorted { $0.id < $1.id }
            state.running = [:]
            waiting = state.waiting
            state.waiting = []
            if end.isCrash { state.deaths += 1 }
        }
        if end.isCrash || !lost.isEmpty || !waiting.isEmpty { record(end.incident) }
        if end.isCrash { settings.quarantine?.recordDeath(of: settings.file, end.sentence) }
        for call in waiting {
            call.answer(.failed(end.sentence))
            leave(call, isOver: true)
        }
        let waits = lost.filter { !$0.isAnswered }
        // Where only one can have done it, it did.
        let culprit = end.culprit ?? (waits.count == 1 && end.isCrash ? waits.first?.id : nil)
        for call in lost {
            if call.id == culprit {
                call.answer(.failed(end.sentence))
            } else if call.mayRepeat {
                submit(call)
                continue
            } else {
                let sentence = "The worker process died while it ran. Another call of the plugin is why: "
                call.answer(.failed(sentence + end.sentence))
            }
            leave(call, isOver: true)
        }
    }

    private func record(_ incident: String) {
        state.withLock { state in
            guard state.incidents.count < Self.maximumIncidents, !state.incidents.contains(incident) else { return }
            state.incidents.append(incident)
        }
    }

    // MARK: - What the worker says

    private func hear(_ message: WorkerMessage, _ process: WorkerProcess) throws(FrameError) {
        switch message {
        case .output(let id, let mediaType, let bytes, let continues):
            guard CallOutput.isMediaType(mediaType) else { throw FrameError("a result without a media type") }
            running(id)?.write(mediaType, bytes, isSameWrite: continues)
        case .progress(let id, let fraction, let text):
            running(id)?.progress(fraction, String(text.prefix(1024)))
        case .ended(let id, let end):
            guard let call = running(id) else { return }
            HostThreads.answer {
                call.answer(end.reason, isTruncated: end.isTruncated, duration: end.duration)
            }
            state.withLock { $0.deaths = 0 }
        case .returned(let id, let isOver):
            guard let call = running(id) else { return }
            if isOver { forsake(call) }
            leave(call, isOver: isOver)
        case .over(let id):
            guard let call = running(id) else { return }
            forsake(call)
            leave(call, isOver: true)
        case .violation(let sentence):
            record(String(sentence.prefix(1024)))
        case .resolve(let question, let name):
            resolve(name, question, process)
        case .keeps(let keeps):
            state.withLock { $0.keeps = keeps }
        default:
            throw FrameError("a message that is not expected here")
        }
    }

    private func running(_ id: UInt64) -> IsolatedCall? { state.withLock { $0.running[id] } }

    /// A worker that is done with a call has answered it; one that has not, lies.
    private func forsake(_ call: IsolatedCall) {
        call.answer(.failed("Its worker process was done with the call and gave no answer."))
    }

    private func resolve(_ name: String, _ question: UInt64, _ process: WorkerProcess) {
        let mayResolve = state.withLock { !$0.granted.network.isEmpty }
        let isAsked = HostThreads.shared.run {
            process.send(.addresses(question, mayResolve && name.utf8.count <= 255 ? resolveHostName(name) : nil))
        }
        if !isAsked { process.send(.addresses(question, nil)) }
    }
}
