/// What a user is asked about one call.
public struct GateQuestion: Sendable {
    /// The call, with the arguments that the tool will see.
    public let call: ToolCall
    /// Its tool.
    public let tool: RegisteredTool
    /// Why the user is asked.
    public let reason: String
    /// What its plugin asks for and has not been granted: to say yes is to grant it.
    public let lacking: PluginPermissions
    /// The rules of the user's policy that ask for this call.
    ///
    /// A rule that allows the call has to be narrower than all of them.
    public let askingRules: [PolicyFile.Rule]
}

/// What a user answers.
public enum GateReply: Sendable, Hashable {
    /// Yes, to this call: what it lacks is granted until the program ends, and the calls after it are asked about again.
    case once
    /// Yes, and for good: what it lacks is granted by trusting its plugin as it is now.
    case always
    /// No.
    case no
}

/// Asks a user about the calls of one batch, all at once.
///
/// - Returns: A reply for each question, in their order.
public typealias GateAsker = @Sendable ([GateQuestion]) async -> [GateReply]
