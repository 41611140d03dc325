/// The freedom of the model to call tools or not.
///
/// ```swift
/// var configuration = AgentConfiguration()
/// configuration.toolChoice = .tool("get_temperature")
/// ```
///
/// Ollama's protocol has no such choice, so the agent carries it out. With ``required`` and ``tool(_:)``, each response
/// begins with a call:
///
/// 1. The first request offers the tools; with ``tool(_:)`` only that one. The text of a message without the required
///    call is discarded, and ``AgentEvent/retrying(reason:)`` reports that.
/// 2. After such a message, one more request describes the call and has its schema as the format. The reply becomes the
///    call.
/// 3. If the reply is no such call either, the response fails with ``AgentError/Code/noToolCall``.
///
/// After the first call, all tools are offered and the model decides. The call is checked and authorized like any other.
public enum ToolChoice: Sendable, Hashable {
    /// The model decides.
    case auto
    /// The model cannot call tools, because none are offered.
    case none
    /// The model must call at least one of the offered tools.
    case required
    /// The model must call the offered tool of this name.
    case tool(String)
}
