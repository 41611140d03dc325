import ToolHost

/// The exit code of the command.
enum ExitStatus: Int32 {
    case done = 0
    /// The tool reported an error, an example failed, or a check has findings.
    case toolError = 1
    case invalidArguments = 2
    case unknownTool = 3
    /// A plugin is broken or missing, or nothing was tested.
    case pluginFailed = 4
    case timedOut = 5
    /// A call or a question was denied, or the plugin is withheld.
    case denied = 6
    /// The server or the model failed.
    case server = 7
    case usage = 64
    case inputOutput = 74
    case interrupted = 130

    init(_ status: ToolStatus) {
        self =
            switch status {
            case .ok: .done
            case .toolError: .toolError
            case .invalidArguments: .invalidArguments
            case .unknownTool: .unknownTool
            case .pluginFailed, .notRun: .pluginFailed
            case .timedOut: .timedOut
            case .denied: .denied
            case .cancelled: .interrupted
            }
    }
}
