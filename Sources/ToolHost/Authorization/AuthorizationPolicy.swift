/// The policy that decides which calls run without confirmation.
///
/// The default policy decides by the permissions that the kernel enforces, and not by what authors declare. It asks
/// about the calls of a plugin that may change files, run programs, connect to the network or read private files; about
/// those of an untrusted plugin that the kernel cannot confine; and about tools that declare themselves destructive. It
/// does not ask about permissions that the user granted for this run. Each policy asks about a call that a model printed
/// as text, unless the plugin has no permission.
///
/// Neither a rule that allows nor a grant for this run answers two questions: about a call that could do harm while the
/// conversation has text from outside, and about the first call that would send private files to a model on another
/// computer (``CallContext``).
public struct AuthorizationPolicy: Sendable {
    /// The calls that need confirmation, besides those that a rule of the ``file`` asks about.
    public enum Confirmation: Sendable, Hashable {
        /// No call, also if the conversation has text from outside.
        case none
        /// The calls that could do harm.
        case harmfulCalls
        /// Each call, including those that a rule allows.
        case everyCall
    }

    /// The rules that the user has written in advance, or nil if there are none.
    ///
    /// A rule that denies a call applies with any ``confirmation``.
    public var file: PolicyFile?

    /// The calls that need confirmation.
    public var confirmation: Confirmation

    /// Creates a policy; by default without rules, and with a confirmation of harmful calls.
    public init(file: PolicyFile? = nil, confirmation: Confirmation = .harmfulCalls) {
        self.file = file
        self.confirmation = confirmation
    }

    /// A policy that runs each call without confirmation.
    public static var allowAll: AuthorizationPolicy { AuthorizationPolicy(confirmation: .none) }

    /// True if each call of a plugin that lacks no permission is allowed, whatever its tool and its arguments are.
    ///
    /// ``outcome(for:canAsk:)`` need not be called then.
    var allowsEveryCall: Bool { file == nil && confirmation == .none }

    /// The outcome of the policy for a call.
    enum Outcome: Sendable, Hashable {
        case allow
        /// The user is asked, for this reason; the rules are those of the ``file`` that ask.
        case ask(reason: String, rules: [PolicyFile.Rule] = [])
        case deny(reason: String)
    }

    /// Decides about a call.
    ///
    /// - Parameter canAsk: True if there is a user to ask.
    func outcome(for request: AuthorizationRequest, canAsk: Bool) -> Outcome {
        let outcome = outcomeByPermissions(of: request, canAsk: canAsk)
        guard let circumstances = request.circumstances else { return outcome }
        switch outcome {
        case .deny: return outcome
        case .ask(let reason, let rules): return .ask(reason: "\(circumstances), and \(reason)", rules: rules)
        case .allow:
            let reachable = request.plugin?.reachable ?? PluginPermissions()
            let harm = request.followsOutsideText ? request.harm : reachable.readingReason
            guard confirmation != .none, request.origin != .user, let harm else { return .allow }
            return .ask(reason: "\(circumstances), and \(harm)")
        }
    }

    /// Decides about a call in any conversation.
    private func outcomeByPermissions(of request: AuthorizationRequest, canAsk: Bool) -> Outcome {
        let outcome = outcomeByEffects(of: request, canAsk: canAsk)
        guard outcome == .allow, let missing = request.plugin?.missing, !missing.isEmpty else { return outcome }
        return .ask(reason: "its plugin asks to \(missing.widestPhrases.joined(separator: ", to "))")
    }

    private func outcomeByEffects(of request: AuthorizationRequest, canAsk: Bool) -> Outcome {
        let verdict = file?.verdict(for: request)
        if case .deny(let reason)? = verdict { return .deny(reason: reason ?? "the user's policy forbids it") }
        if confirmation == .everyCall { return .ask(reason: "each call must be confirmed") }
        if request.origin == .user { return .allow }
        if case .ask(let rules)? = verdict { return .ask(reason: "a policy rule asks about it", rules: rules) }
        // The text of a call can come from anyone whose text the model has read.
        if request.origin == .printed, request.plugin?.hasPermissions == true {
            return .ask(reason: "the model printed this call as text")
        }
        if case .allow? = verdict { return .allow }
        if confirmation == .none { return .allow }
        let destruction = Outcome.ask(reason: "the tool may destroy data")
        guard let plugin = request.plugin else {
            // The program itself chose this tool: without a user to ask, its call is not denied.
            return request.annotations.destructive && canAsk ? destruction : .allow
        }
        if let reason = plugin.reasonToAsk { return .ask(reason: reason) }
        // A permission to change something that was granted for this run covers this, too.
        let allowed = plugin.access.allowedForRun
        let mayChange = !allowed.write.isEmpty || !allowed.spawn.isEmpty || !allowed.network.isEmpty
        return request.annotations.destructive && !mayChange ? destruction : .allow
    }
}

extension AuthorizationRequest {
    /// The harm that the call could do, as a clause; nil if it can do none.
    fileprivate var harm: String? {
        guard let plugin else { return annotations.destructive ? "the tool may destroy data" : nil }
        if let reason = plugin.reachable.reasonToAsk { return reason }
        return plugin.isConfined && !plugin.isEnforced ? "nothing confines its plugin here" : nil
    }
}

extension AuthorizationRequest.Plugin {
    /// True if the plugin has a permission, or all of them because nothing confines it.
    fileprivate var hasPermissions: Bool { !isEnforced || !access.granted.isEmpty }

    /// The reason to ask about a call of the plugin, as a clause; nil if it can do no harm.
    fileprivate var reasonToAsk: String? {
        if isConfined, !isEnforced, !access.isTrusted {
            return "its plugin is not trusted, and nothing confines it here"
        }
        // A grant for this run is for all calls of the run; a grant by a reply to a prompt is for one call.
        if let reason = effective.subtracting(access.allowedForRun).reasonToAsk { return reason }
        let once = access.onlyAllowedOnce.phrases
        if once.isEmpty { return nil }
        return "its plugin was allowed to \(once.joined(separator: " and to ")) for an earlier call"
    }
}

extension PluginPermissions {
    /// The harm that a call with these permissions could do, as a clause; nil if it can do none.
    fileprivate var reasonToAsk: String? {
        if let path = write.first { return "its plugin can change \(path)" }
        if let program = spawn.first { return "its plugin can run \(program)" }
        if let port = network.first { return "its plugin can connect to port \(port) of any computer" }
        return readingReason
    }

    fileprivate var readingReason: String? { privateReads.first.map { "its plugin can read \($0)" } }
}
