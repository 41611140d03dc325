/// The way in which a call ended.
public enum ToolStatus: String, Sendable, Hashable, CaseIterable {
    /// The tool returned a result.
    case ok
    /// The tool ran and reported an error.
    case toolError = "tool_error"
    /// The arguments do not fit the schema, or the tool rejected them.
    case invalidArguments = "invalid_arguments"
    /// No tool has the name.
    case unknownTool = "unknown_tool"
    /// The plugin is broken, violated its contract or had an internal error.
    case pluginFailed = "plugin_failed"
    /// The deadline passed.
    case timedOut = "timed_out"
    /// The user, the policy or the gate refused the call.
    case denied
    /// The call was cancelled before it had a result.
    case cancelled
    /// The call was not run, for instance because the message had more calls than the limit.
    case notRun = "not_run"

    /// The text of a result whose tool gave none.
    var defaultSentence: String {
        switch self {
        case .ok: ""
        case .toolError: "The tool failed and gave no reason."
        case .invalidArguments: "The tool does not take these arguments, and gave no reason."
        case .unknownTool: "No tool has that name."
        case .pluginFailed: "The tool failed because of an internal error."
        case .timedOut: "The tool did not answer in time."
        case .denied: "The call was refused."
        case .cancelled: "The call was cancelled before it was done."
        case .notRun: "The call was not run."
        }
    }
}
