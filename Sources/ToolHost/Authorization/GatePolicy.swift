/// Decides which calls run unasked, by what the kernel lets them do and not by what their authors say of them.
public struct GatePolicy: Sendable {
    /// What the user has decided in advance.
    public var file: PolicyFile?

    /// Whether the user asked for these very calls: then they are not asked again.
    public var areCallsTyped = false

    /// True if the user is asked about each call, also about those that would run unasked.
    public var asksForEachCall = false

    /// Whether the user chose to run plugins without protection.
    public var isUnprotectedByChoice = false

    /// Every call that could do harm is asked for.
    public init() {}

    /// What becomes of a call.
    enum Decision: Sendable, Hashable {
        case allow
        /// The user is asked, for this reason; the rules are those of the user that ask.
        case ask(String, rules: [PolicyFile.Rule] = [])
        /// It does not run, because of this.
        case deny(String)
    }

    /// What becomes of a call.
    ///
    /// - Parameters:
    ///   - call: The call, with the arguments that the tool will see.
    ///   - plugin: The real path of its plugin; `nil` for a tool of the program.
    ///   - annotations: What the tool says of its effects, which can only make it stricter.
    ///   - access: What its plugin may touch; `nil` for a tool of the program.
    ///   - isEnforced: Whether the kernel holds the plugin to that.
    func decision(
        _ call: ToolCall,
        of plugin: String?,
        _ annotations: RegisteredTool.Annotations,
        _ access: PluginAccess?,
        isEnforced: Bool
    ) -> Decision {
        let verdict = file?.verdict(for: call, of: plugin)
        if case .deny(let reason)? = verdict { return .deny(reason ?? "the user's policy forbids it") }
        if asksForEachCall { return .ask("each call must be confirmed") }
        if areCallsTyped { return .allow }
        switch verdict {
        case .allow?: return .allow
        case .ask(let rules)?: return .ask("the policy says so", rules: rules)
        case .deny?, nil: break
        }
        guard let access else { return .allow }
        if !isEnforced, !access.isTrusted, !isUnprotectedByChoice {
            return .ask("its plugin is not trusted, and nothing confines it here")
        }
        // What was granted for this run was granted for the calls of this run; what was granted at a question, for one.
        let held = (isEnforced ? access.granted : access.recorded ?? access.asked).subtracting(access.allowed)
        if let reason = held.reasonToAsk { return .ask(reason) }
        let lent = access.lentOnly.phrases
        if !lent.isEmpty { return .ask("its plugin was let \(lent.joined(separator: " and ")) for an earlier call") }
        // Who granted for this run that something may be changed has granted this too.
        let mayChange =
            !access.allowed.write.isEmpty || !access.allowed.spawn.isEmpty || !access.allowed.network.isEmpty
        return annotations.destructive && !mayChange ? .ask("the tool says that it may destroy something") : .allow
    }
}

extension PluginPermissions {
    /// What makes a call with these permissions worth a question; `nil` where it can do no harm.
    fileprivate var reasonToAsk: String? {
        if let path = write.first { return "its plugin can change \(path)" }
        if let program = spawn.first { return "its plugin can run \(program)" }
        if let port = network.first { return "its plugin can connect to port \(port) of any computer" }
        return privateReads.first.map { "its plugin can read \($0)" }
    }
}
