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
}

/// What a user answers.
public enum GateReply: Sendable, Hashable {
    /// Yes, for this run.
    case once
    /// Yes, and for good.
    case always
    /// No.
    case no
}

/// Asks a user about the calls of one batch, all at once.
///
/// - Returns: A reply for each question, in their order.
public typealias GateAsker = @Sendable ([GateQuestion]) async -> [GateReply]
