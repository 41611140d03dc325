import ToolHost

/// What the command tells the shell.
enum ExitStatus: Int32 {
    case done = 0
    case toolError = 1
    case invalidArguments = 2
    case unknownTool = 3
    case pluginFailed = 4
    case timedOut = 5
    case denied = 6
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

/// Ends the command with a message and a status.
struct CommandError: Error {
    let exit: ExitStatus
    /// A sentence; empty if everything has been reported.
    let message: TerminalLine

    init(_ exit: ExitStatus, _ message: TerminalLine = "") {
        self.exit = exit
        self.message = message
    }

    /// A failure whose message comes from elsewhere: it is escaped as one line.
    init(_ exit: ExitStatus, escaping untrusted: String) { self.init(exit, TerminalLine(untrusted)) }
}
