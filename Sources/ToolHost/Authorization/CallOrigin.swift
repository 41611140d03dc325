/// The origin of a call.
public enum CallOrigin: Sendable, Hashable {
    /// A model requested the call.
    case model
    /// The user entered this very call, which confirms it: the policy does not ask about it again.
    case user
}
