/// The origin of a call.
public enum CallOrigin: Sendable, Hashable {
    /// A model requested the call.
    case model
    /// A model printed the call as text instead of making it.
    ///
    /// The policy asks about it if the tool's plugin has any permission, even if a rule or an earlier reply allows it.
    case printed
    /// The user entered this very call, which confirms it: the policy does not ask about it again.
    case user
}
