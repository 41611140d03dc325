import Synchronization
import ToolRuntime

/// The gate for the calls of one batch: each passes it by itself, and the user is asked about all of them at once.
///
/// A call comes here when it has been checked. One that runs without a question goes on at once; the question waits until
/// the checks of all calls have ended.
final class BatchGate: Sendable {
    private struct Pending {
        let index: Int
        let question: GateQuestion
        let reply: OneShot<ToolAuthorization>
    }

    private struct State {
        var unchecked: Int
        var pending: [Pending] = []
        var question: Task<Void, Never>?
        var isCancelled = false
    }

    private let host: ToolHost
    private let state: Mutex<State>

    /// A gate for so many calls, each of which must be authorized or skipped, once.
    init(_ host: ToolHost, calls: Int) {
        self.host = host
        state = Mutex(State(unchecked: calls))
    }

    /// Notes that a call does not run, whatever the gate would say.
    func skip() { settle(nil) }

    /// Decides whether a call may run; waits for the user where one is asked.
    ///
    /// - Returns: `nil` where the batch was cancelled while it waited. The question ends for all calls at once, and some of
    ///   them may not know yet that they are cancelled.
    func authorize(_ index: Int, _ call: ToolCall, _ tool: RegisteredTool) async -> ToolAuthorization? {
        switch decision(call, tool) {
        case .allow:
            settle(nil)
        case .deny(let reason):
            settle(nil)
            return .deny(reason: reason)
        case .ask(let reason, let rules):
            let question = GateQuestion(
                call: call,
                tool: tool,
                reason: reason,
                lacking: tool.grants?.lacking ?? PluginPermissions(),
                askingRules: rules
            )
            let reply = await reply(to: index, question)
            guard case .allow? = reply else { return reply }
        }
        return await host.configuration.gate(call, tool)
    }

    private func decision(_ call: ToolCall, _ tool: RegisteredTool) -> GatePolicy.Decision {
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
        if case .allow = decision, let lacking = tool.grants?.lacking, !lacking.isEmpty {
            decision = .ask("its plugin asks to \(lacking.widestPhrases.joined(separator: ", to "))")
        }
        return decision
    }

    /// Returns the user's reply, or nil once the batch is cancelled; it does not wait for a reply then.
    private func reply(to index: Int, _ question: GateQuestion) async -> ToolAuthorization? {
        let reply = OneShot<ToolAuthorization>()
        return await withTaskCancellationHandler {
            settle(Pending(index: index, question: question, reply: reply))
            return await reply.wait()
        } onCancel: {
            let question = state.withLock { state in
                state.isCancelled = true
                return state.question
            }
            question?.cancel()
            reply.give(nil)
        }
    }

    /// Counts a call that has been checked, and asks the user after the last one.
    private func settle(_ pending: Pending?) {
        let all: [Pending] = state.withLock { state in
            if let pending { state.pending.append(pending) }
            state.unchecked -= 1
            return state.unchecked == 0 && !state.isCancelled ? state.pending : []
        }
        if all.isEmpty { return }
        let question = Task(executorPreference: HostExecutor.shared) { [host] in
            await Self.ask(host, all.sorted { $0.index < $1.index })
        }
        let isCancelled = state.withLock { state in
            state.question = question
            return state.isCancelled
        }
        if isCancelled { question.cancel() }
    }

    private static func ask(_ host: ToolHost, _ pending: [Pending]) async {
        guard let asker = host.configuration.asker else {
            for call in pending {
                let reason = "it needs the user's permission, because \(call.question.reason)"
                call.reply.give(.deny(reason: reason + ", and no user can be asked"))
            }
            return
        }
        let replies = await asker(pending.map(\.question))
        // Whatever is answered now, it is too late to be meant.
        guard !Task.isCancelled else {
            for call in pending { call.reply.give(nil) }
            return
        }
        var authorizations: [ToolAuthorization] = []
        for (position, call) in pending.enumerated() {
            let (question, reply) = (call.question, position < replies.count ? replies[position] : .no)
            authorizations.append(reply == .no ? .deny(reason: "the user said no") : .allow)
            // Whoever trusts a plugin after an earlier yes means what it was lent then, too.
            let isLent = question.tool.grants.map { !$0.access.lent.isEmpty } ?? false
            if reply != .no, !question.lacking.isEmpty || reply == .always && isLent {
                grant(question, forGood: reply == .always, host)
            }
        }
        // All is granted before the first call starts.
        for (call, authorization) in zip(pending, authorizations) { call.reply.give(authorization) }
    }

    private static func grant(_ question: GateQuestion, forGood: Bool, _ host: ToolHost) {
        do throws(ToolHostError) {
            try question.tool.grants?.grant(question.lacking, forGood: forGood)
        } catch {
            let file = if case .plugin(_, _, let file) = question.tool.source { file } else { "" }
            host.configuration.log(file, 3, "It is granted for this run alone. \(error.message)")
        }
    }
}
