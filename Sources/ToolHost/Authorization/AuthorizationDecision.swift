/// The outcome of the authorization of a call.
public enum AuthorizationDecision: Sendable, Hashable {
    /// The call may run.
    case allow
    /// The call does not run. The model reads the reason in its result.
    case deny(reason: String)
}
