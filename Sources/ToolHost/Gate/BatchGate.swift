import ToolRuntime

/// The gate for the calls of one batch: each passes it by itself, and the user is asked about all of them at once.
struct BatchGate: Sendable {
    private let decisions: [Int: GatePolicy.Decision]
    private let question: Task<[Int: ToolAuthorization], Never>?
    private let gate: ToolGate

    init(_ host: ToolHost, _ calls: [(index: Int, call: ToolCall, tool: RegisteredTool)]) {
        gate = host.configuration.gate
        var decisions: [Int: GatePolicy.Decision] = [:]
        var questions: [(Int, GateQuestion)] = []
        for (index, call, tool) in calls {
            var decision = GatePolicy.Decision.allow
            if let policy = host.configuration.policy {
                decision = policy.decision(
                    call,
                    of: tool.pluginFile,
                    tool.annotations,
                    tool.grants?.access,
                    isEnforced: tool.grants?.isEnforced ?? false
                )
            }
            let lacking = tool.grants?.lacking ?? PluginPermissions()
            if case .allow = decision, !lacking.isEmpty {
                decision = .ask("its plugin asks to \(lacking.phrases.joined(separator: ", to "))")
            }
            if case .ask(let reason) = decision {
                questions.append((index, GateQuestion(call: call, tool: tool, reason: reason, lacking: lacking)))
            }
            decisions[index] = decision
        }
        self.decisions = decisions
        question = questions.isEmpty ? nil : Self.ask(host, questions)
    }

    /// Whether a call may run; waits for the user where one is asked.
    ///
    /// - Returns: `nil` where the batch was cancelled while it waited. The question ends for all calls at once, and some of
    ///   them may not know yet that they are cancelled.
    func authorize(_ index: Int, _ call: ToolCall, _ tool: RegisteredTool) async -> ToolAuthorization? {
        switch decisions[index] {
        case .allow?: break
        case .deny(let reason)?: return .deny(reason: reason)
        case .ask?:
            let reply = await reply(to: index)
            guard case .allow? = reply else { return reply }
        case nil: return .deny(reason: "it did not pass the gate")
        }
        return await gate(call, tool)
    }

    /// What the user answers; nothing once the batch is cancelled, for which nobody has to answer first.
    private func reply(to index: Int) async -> ToolAuthorization? {
        guard let question else { return nil }
        let answer = FirstAnswer<ToolAuthorization>()
        return await withTaskCancellationHandler {
            Task(executorPreference: HostExecutor.shared) { answer.give(await question.value[index]) }
            return await answer.wait()
        } onCancel: {
            question.cancel()
            answer.give(nil)
        }
    }

    private static func ask(
        _ host: ToolHost,
        _ questions: [(index: Int, question: GateQuestion)]
    ) -> Task<[Int: ToolAuthorization], Never> {
        Task(executorPreference: HostExecutor.shared) {
            var authorizations: [Int: ToolAuthorization] = [:]
            guard let asker = host.configuration.asker else {
                for (index, question) in questions {
                    authorizations[index] = .deny(
                        reason: "it needs the user's word, because \(question.reason), and there is nobody to ask"
                    )
                }
                return authorizations
            }
            let replies = await asker(questions.map(\.question))
            // Whatever is answered now, it is too late to be meant.
            guard !Task.isCancelled else { return [:] }
            for (position, (index, question)) in questions.enumerated() {
                let reply = position < replies.count ? replies[position] : .no
                authorizations[index] = reply == .no ? .deny(reason: "the user said no") : .allow
                // Whoever trusts a plugin after an earlier yes means what it was lent then, too.
                let isLent = question.tool.grants.map { !$0.access.lent.isEmpty } ?? false
                if reply != .no, !question.lacking.isEmpty || reply == .always && isLent {
                    grant(question, forGood: reply == .always, host)
                }
            }
            return authorizations
        }
    }

    private static func grant(_ question: GateQuestion, forGood: Bool, _ host: ToolHost) {
        do throws(ConfigurationError) {
            try question.tool.grants?.grant(question.lacking, forGood: forGood)
        } catch {
            let file = if case .plugin(_, _, let file) = question.tool.source { file } else { "" }
            host.configuration.log(file, 3, "It is granted for this run alone. \(error.message)")
        }
    }
}
