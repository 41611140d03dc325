/// The rules that decide which plugins load, what they may access and which calls run.
///
/// A call passes three stages, in this order: the ``policy``, a question to the user if the policy asks for one, and
/// the ``decide`` function. A call that one of them denies does not run, and its result says why.
///
/// By default no user is asked, so a call that needs confirmation is denied. An app with a user sets an asker:
///
/// ```swift
/// configuration.authorization = .asking { prompts in
///     await confirm(prompts.map(\.reason)) ? prompts.map { _ in .allowOnce } : []
/// }
/// ```
public struct Authorization: Sendable {
    /// Asks the user about the calls of one batch, all at once, and returns a reply for each prompt, in the same order.
    ///
    /// A missing reply counts as ``AuthorizationReply/deny``. The host calls it on one of its threads, and may call it
    /// for several batches at the same time. It may wait as long as it needs: the deadline of a call begins when its
    /// tool starts. If the batch is cancelled, the asker's task is cancelled, and its replies are discarded.
    public typealias Asker = @Sendable ([AuthorizationPrompt]) async -> [AuthorizationReply]

    /// Decides whether a call may run, after the policy and the user have allowed it.
    ///
    /// The host calls it for every call that reaches a tool, on one of its threads, and may call it for several calls at
    /// the same time. If the call is cancelled, the function's task is cancelled, and its decision is discarded.
    public typealias Decider = @Sendable (AuthorizationRequest) async -> AuthorizationDecision

    /// The policy that decides which calls need the user's confirmation.
    public var policy: AuthorizationPolicy

    /// The function that asks the user, or nil to deny the calls that need confirmation.
    public var asker: Asker?

    /// A Boolean value that indicates whether tools are offered although their plugin lacks permissions.
    ///
    /// If it is true, the user is asked for these permissions at the first call; without an ``asker`` such a call is
    /// denied. If it is false, which is the default, the tools are not offered and the plugin's report says what it
    /// lacks.
    public var offersUngrantedTools: Bool

    /// The application's own decision about a call, or nil to allow every call.
    public var decide: Decider?

    /// The plugins that the user trusts, and the permissions that are granted for this run.
    public var trust: TrustConfiguration

    /// Creates an authorization; by default with the default policy, no asker and no trusted plugin.
    public init(
        policy: AuthorizationPolicy = AuthorizationPolicy(),
        asker: Asker? = nil,
        offersUngrantedTools: Bool = false,
        trust: TrustConfiguration = TrustConfiguration(),
        decide: Decider? = nil
    ) {
        self.policy = policy
        self.asker = asker
        self.offersUngrantedTools = offersUngrantedTools
        self.trust = trust
        self.decide = decide
    }

    /// An authorization that runs each call without confirmation.
    ///
    /// The permissions of plugins stay as they are: a plugin that lacks permissions is not offered.
    public static var allowAll: Authorization { Authorization(policy: .allowAll) }

    /// Creates an authorization with the default policy that asks the user, also for permissions that plugins lack.
    public static func asking(_ asker: @escaping Asker) -> Authorization {
        Authorization(asker: asker, offersUngrantedTools: true)
    }
}
