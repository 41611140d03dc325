/// A question to the user about one call.
public struct AuthorizationPrompt: Sendable {
    /// The call and its tool.
    public let request: AuthorizationRequest
    /// The reason for the question, as a clause: `its plugin can change /srv/notes`.
    public let reason: String
    /// The policy rules that ask about this call.
    ///
    /// Only a rule that is narrower than all of them can allow the call without a question.
    public let askingRules: [PolicyFile.Rule]

    /// The permissions that the plugin requests and does not have: a reply that allows the call grants them.
    public var missing: PluginPermissions { request.plugin?.missing ?? PluginPermissions() }

    /// A Boolean value that indicates whether a reply may cover later calls.
    ///
    /// It is false if the conversation has text from outside, or private data would go to a model on another computer:
    /// ``AuthorizationReply/allowAlways`` then counts as ``AuthorizationReply/allowOnce``, and no rule replaces the
    /// question.
    public var allowsAlways: Bool { !request.followsOutsideText && !request.revealsPrivateData }

    /// Creates a prompt.
    public init(request: AuthorizationRequest, reason: String, askingRules: [PolicyFile.Rule] = []) {
        self.request = request
        self.reason = reason
        self.askingRules = askingRules
    }
}
