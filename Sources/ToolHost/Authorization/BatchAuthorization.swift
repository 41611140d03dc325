import Locks
import Logging
import ToolRuntime

/// The authorization of the calls of one batch: the user is asked once, about all of them.
///
/// A call is authorized after its arguments have been checked. A call that needs no confirmation runs at once; the
/// question waits until all calls have been checked.
final class BatchAuthorization: Sendable {
    private struct Pending {
        let index: Int
        let prompt: AuthorizationPrompt
        let grants: PluginGrants?
        let decision: OneShot<AuthorizationDecision>
    }

    private struct State {
        var unchecked: Int
        var pending: [Pending] = []
        var question: Task<Void, Never>?
        var isCancelled = false
    }

    private let authorization: Authorization
    private let logger: Logger?
    private let state: Lock<State>

    /// Creates the authorization of a batch.
    ///
    /// - Parameters:
    ///   - calls: The number of calls. Each must be authorized or skipped exactly once.
    ///   - logger: The logger for grants that cannot be recorded.
    init(_ authorization: Authorization, calls: Int, logger: Logger?) {
        self.authorization = authorization
        self.logger = logger
        state = Lock(State(unchecked: calls))
    }

    /// Records that a call does not run, so that the question does not wait for it.
    func skip() { settle(nil) }

    /// A decision that takes time.
    struct Question: Sendable {
        let request: AuthorizationRequest
        /// The question to the user, or nil if only the application decides.
        let prompt: AuthorizationPrompt?
    }

    /// The outcome of the policy for a call.
    enum Outcome: Sendable {
        case decided(AuthorizationDecision)
        /// ``decision(on:_:_:)`` must be called exactly once.
        case undecided(Question)
    }

    /// Applies the policy to a call.
    ///
    /// - Parameters:
    ///   - grants: The grants of the tool's plugin; nil for a tool of the program.
    ///   - origin: The origin of the call.
    ///   - request: Creates the request. It collects many facts, so it is created only if one of them decides.
    func outcome(
        for grants: PluginGrants?,
        origin: CallOrigin,
        request: () -> AuthorizationRequest
    ) -> Outcome {
        let allowsEveryCall = authorization.policy.allowsEveryCall && authorization.decide == nil
        if allowsEveryCall, origin != .printed, grants?.isMissingPermissions != true {
            settle(nil)
            return .decided(.allow)
        }
        let request = request()
        switch authorization.policy.outcome(for: request, canAsk: authorization.asker != nil) {
        case .allow:
            settle(nil)
            return authorization.decide == nil ? .decided(.allow) : .undecided(Question(request: request, prompt: nil))
        case .deny(let reason):
            settle(nil)
            return .decided(.deny(reason: reason))
        case .ask(let reason, let rules):
            let prompt = AuthorizationPrompt(request: request, reason: reason, askingRules: rules)
            return .undecided(Question(request: request, prompt: prompt))
        }
    }

    /// Waits for the user's reply if one is needed, and for the application's decision.
    ///
    /// - Parameters:
    ///   - index: The position of the call in the batch.
    ///   - grants: The grants of the tool's plugin; nil for a tool of the program.
    /// - Returns: Nil as soon as the batch is cancelled. The question ends for all calls at once, so a
    ///   call may get nil before its own task is cancelled.
    func decision(on question: Question, _ index: Int, _ grants: PluginGrants?) async -> AuthorizationDecision? {
        if let prompt = question.prompt {
            let decision = await decision(on: prompt, index, grants)
            guard case .allow? = decision else { return decision }
        }
        guard let decide = authorization.decide else { return .allow }
        let decision = OneShot<AuthorizationDecision>()
        // A separate task: a function that ignores its cancellation does not delay the result of the call.
        let task = Task(executorPreference: HostExecutor.shared) { decision.give(await decide(question.request)) }
        return await withTaskCancellationHandler {
            await decision.wait()
        } onCancel: {
            task.cancel()
            decision.give(nil)
        }
    }

    /// Returns the decision of the user, or nil as soon as the batch is cancelled.
    private func decision(
        on prompt: AuthorizationPrompt,
        _ index: Int,
        _ grants: PluginGrants?
    ) async -> AuthorizationDecision? {
        let decision = OneShot<AuthorizationDecision>()
        return await withTaskCancellationHandler {
            settle(Pending(index: index, prompt: prompt, grants: grants, decision: decision))
            return await decision.wait()
        } onCancel: {
            let question = state.withLock { state in
                state.isCancelled = true
                return state.question
            }
            question?.cancel()
            decision.give(nil)
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
        let question = Task(executorPreference: HostExecutor.shared) { [authorization, logger] in
            await Self.ask(authorization.asker, all.sorted { $0.index < $1.index }, logger)
        }
        let isCancelled = state.withLock { state in
            state.question = question
            return state.isCancelled
        }
        if isCancelled { question.cancel() }
    }

    private static func ask(_ asker: Authorization.Asker?, _ pending: [Pending], _ logger: Logger?) async {
        guard let asker else {
            for call in pending {
                let reason = "it needs the user's permission, because \(call.prompt.reason)"
                call.decision.give(.deny(reason: reason + ", and no user can be asked"))
            }
            return
        }
        // Determined now, because the first yes to a remote model changes it.
        let isLasting = pending.map(\.prompt.allowsAlways)
        let replies = await asker(pending.map(\.prompt))
        // A reply that comes after the cancellation may be an answer to something else, so it grants nothing.
        guard !Task.isCancelled else {
            for call in pending { call.decision.give(nil) }
            return
        }
        var decisions: [AuthorizationDecision] = []
        for (position, call) in pending.enumerated() {
            var reply = position < replies.count ? replies[position] : .deny
            if reply == .allowAlways, !isLasting[position] { reply = .allowOnce }
            if reply != .deny { call.prompt.request.confirmRemoteModel() }
            decisions.append(reply == .deny ? .deny(reason: "the user said no") : .allow)
            // Trusting a plugin includes the permissions that it was allowed once before.
            let hasGrants = call.grants?.access.allowedOnce.isEmpty == false
            if reply != .deny, !call.prompt.missing.isEmpty || reply == .allowAlways && hasGrants {
                grant(call, permanently: reply == .allowAlways, logger)
            }
        }
        // All permissions are granted before the first call starts.
        for (call, decision) in zip(pending, decisions) { call.decision.give(decision) }
    }

    private static func grant(_ call: Pending, permanently: Bool, _ logger: Logger?) {
        do throws(ToolHostError) {
            try call.grants?.grant(call.prompt.missing, permanently: permanently)
        } catch {
            let file = call.prompt.request.plugin?.file ?? ""
            logger?.log(.error, "It is granted for this run alone. \(error.message)", plugin: file)
        }
    }
}
