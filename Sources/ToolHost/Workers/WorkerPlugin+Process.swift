import Synchronization
import ToolJSON
import ToolRuntime
import ToolSandbox

// MARK: - The process, from its start to its end

extension WorkerPlugin {
    /// A plugin that dies again and again gets a pause before each new start, longer every time.
    static func delay(afterDeaths deaths: Int) -> Duration {
        deaths < 2 ? .zero : min(.milliseconds(50 << min(deaths - 2, 10)), .seconds(5))
    }

    /// Calls wait for another process than this one.
    func replace(_ process: WorkerProcess) {
        process.close()
        startProcess(after: .zero)
    }

    func startProcess(after delay: Duration) {
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
        if let sentence = settings.quarantine?.sentence(for: settings.file, isForModel: true) {
            plugin()?.fail(sentence)
            return
        }
        let conversation: WorkerConversation
        do throws(WorkerError) {
            let granted = plugin()?.state.withLock { state in
                state.given = state.granted
                state.isOutdated = false
                return state.given
            }
            guard let granted else { return }
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
        plugin()?.processDidExit(end)
    }

    private func begin(_ process: WorkerProcess) {
        let (calls, outdated, isWaitedFor) = state.withLock { state in
            let mayAsk = !state.given.network.isEmpty
            process.send(.configure(state.values, mayResolve: mayAsk))
            state.questions = HostNameResolver(mayAsk: mayAsk)
            state.phase = .running(process)
            state.keeps = false
            // Granted something else while it was started.
            if state.isOutdated { return ([IsolatedCall](), state.retire(), !state.waiting.isEmpty) }
            defer { state.waiting = [] }
            return (state.waiting, nil, false)
        }
        for call in calls { send(call, to: process) }
        guard let outdated else { return watch(process, since: nil) }
        isWaitedFor ? replace(outdated) : outdated.close()
    }

    /// There is no process to be had: the calls that wait for one are answered.
    func fail(_ sentence: String) {
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
    private func processDidExit(_ end: WorkerConversation.End) {
        var (lost, waiting): ([IsolatedCall], [IsolatedCall]) = ([], [])
        state.withLock { state in
            if case .running(let process) = state.phase, process === end.process { state.phase = .none }
            if case .starting = state.phase, !end.didRegister { state.phase = .none }
            guard case .none = state.phase else { return }
            lost = state.running.values.sorted { $0.id < $1.id }
            state.running = [:]
            state.stopping = []
            waiting = state.waiting
            state.waiting = []
            if end.isCrash { state.deaths += 1 }
        }
        let crashedCall = crashedCall(end, among: lost)
        let prefix = crashedCall.map { "While \(name(of: $0)) ran: " } ?? ""
        if end.isFault || !lost.isEmpty || !waiting.isEmpty { record(prefix + end.incident) }
        if end.isFault {
            settings.quarantine?.recordDeath(of: settings.file, prefix + end.sentence, output: end.output)
        }
        for call in waiting {
            // It waited for the next process, or this one was to be that and did not register.
            if end.didRegister, call.outliveProcess() {
                // The start of a process does not count for the timeout.
                call.leave()
                submit(call)
            } else {
                call.answer(.failed(end.sentence))
                leave(call, isOver: true)
            }
        }
        for call in lost {
            if call === crashedCall {
                call.answer(.failed("\(name(of: call)) brought its worker process down. \(end.sentence)"))
            } else if call.mayRepeat {
                call.leave()
                submit(call)
                continue
            } else {
                let other = crashedCall.map { "A call of \(name(of: $0))" } ?? "Another call of the plugin"
                call.answer(.failed("The worker process died while it ran. \(other) is why: \(end.sentence)"))
            }
            leave(call, isOver: true)
        }
    }

    /// Which call it was, where that is known, or only one can have been it.
    private func crashedCall(_ end: WorkerConversation.End, among lost: [IsolatedCall]) -> IsolatedCall? {
        if let id = end.crashedCall { return lost.first { $0.id == id } }
        let waits = lost.filter { !$0.isAnswered }
        return waits.count == 1 && (end.isCrash || lost.count == 1) ? waits.first : nil
    }

    /// The name of a call's tool.
    private func name(of call: IsolatedCall) -> String {
        (try? JSON(parsing: registration.tools[call.tool].schema))?["name"]?.string ?? "The tool"
    }

    private static let maximumIncidents = 32

    func record(_ incident: String) {
        state.withLock { state in
            guard state.incidents.count < Self.maximumIncidents, !state.incidents.contains(incident) else { return }
            state.incidents.append(incident)
        }
    }
}
