import ToolRuntime

// MARK: - The process, from its start to its exit

extension WorkerPlugin {
    func startProcess(after delay: Duration) {
        let run: @Sendable () -> Void = { [self] in
            let isRunning = HostThreads.shared.run { [settings, weak self] in
                Self.runUntilExit(settings) { [weak self] in self }
            }
            if !isRunning { startDidFail("The system has no thread left to run it on.") }
        }
        if delay == .zero { run() } else { _ = DeadlineTimer.shared.schedule(at: .now + delay, run) }
    }

    private func startDidFail(_ sentence: String, _ remedy: Remedy? = nil) {
        handle { $0.startDidFail(sentence, remedy: remedy, at: .now) }
    }

    /// Starts a process, and handles its messages until it exits.
    ///
    /// Blocks the calling thread.
    ///
    /// - Parameter plugin: Returns the plugin. It may be released before its process exits, and closes the process
    ///   then.
    private static func runUntilExit(_ settings: WorkerSettings, of plugin: @escaping @Sendable () -> WorkerPlugin?) {
        if let sentence = settings.quarantine?.sentence(for: settings.file) {
            plugin()?.startDidFail(sentence, .release)
            return
        }
        let granted = plugin()?.state.change { state in
            state.machine.startDidBegin()
            return state.granted
        }
        guard let granted else { return }
        let resolver = HostNameResolver(mayAsk: !granted.network.isEmpty)
        let conversation: WorkerConversation
        do throws(WorkerError) {
            conversation = try WorkerConversation(
                settings,
                granted,
                confined: { report in plugin()?.state.change { $0.sandbox = report } },
                registered: { registration, conversation throws(FrameError) in
                    guard let plugin = plugin() else { return conversation.process.close() }
                    guard registration == plugin.registration else {
                        throw FrameError("a registration that differs from the one that its tools were listed by")
                    }
                    plugin.processDidRegister(conversation, mayResolve: resolver.mayAsk)
                },
                handle: { message, process, reports throws(FrameError) in
                    try plugin()?.handle(message, from: process, resolver, &reports)
                }
            )
        } catch {
            plugin()?.startDidFail(error.message, error.remedy)
            return
        }
        let outcome = conversation.runUntilExit()
        plugin()?.processDidExit(outcome)
    }

    private func processDidRegister(_ conversation: WorkerConversation, mayResolve: Bool) {
        let process = conversation.process
        let actions = state.change { state in
            // Within the lock, so that the values precede every call.
            process.send(.configure(state.values, mayResolve: mayResolve))
            state.conversation = conversation
            return apply({ $0.processDidRegister(process, at: .now) }, to: &state)
        }
        perform(actions)
        process.flush()
    }

    /// Records the exit of a process, and completes or repeats its calls.
    private func processDidExit(_ outcome: WorkerConversation.Outcome) {
        let exit = Machine.Exit(
            didRegister: outcome.didRegister,
            isCrash: outcome.isCrash,
            sentBytes: outcome.exit.sentBytes,
            crashedCall: outcome.exit.crashedCall,
            sentence: outcome.sentence,
            remedy: outcome.remedy
        )
        var effects = Machine.ExitOutcome()
        let actions = state.change { state in
            if state.conversation?.process === outcome.process { state.conversation = nil }
            let event: (inout Machine) -> Machine.Actions = { machine in
                effects = machine.processDidExit(outcome.process, exit, at: .now)
                return effects.actions
            }
            return apply(event, to: &state)
        }
        let prefix = effects.crashedCall.map { "While \(name(of: $0)) ran: " } ?? ""
        if outcome.isFault || effects.didInterrupt { record(prefix + outcome.incident) }
        if outcome.isFault {
            settings.quarantine?.recordDeath(of: settings.file, prefix + outcome.sentence, output: outcome.output)
        }
        perform(actions)
    }
}
