/// The user's reply to a prompt about one call.
public enum AuthorizationReply: Sendable, Hashable {
    /// The call runs. Permissions that its plugin lacks are granted until the program exits, and later calls ask again.
    case allowOnce
    /// The call runs. Permissions that its plugin lacks are granted permanently, by trusting the plugin's current file.
    ///
    /// It counts as ``allowOnce`` unless ``AuthorizationPrompt/allowsAlways`` is true.
    case allowAlways
    /// The call does not run.
    case deny
}
