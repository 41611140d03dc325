/// What the gate says to a call.
public enum ToolAuthorization: Sendable, Hashable {
    /// It may run.
    case allow
    /// It may not, for the reason given; the model reads it.
    case deny(reason: String)
}

/// Decides whether a call may run.
///
/// Every call passes it, on every path to a tool; it sees the arguments as the tool will. It may take its time: a
/// call's deadline begins when its tool does.
public typealias ToolGate = @Sendable (ToolCall, RegisteredTool) async -> ToolAuthorization
