import ToolHost

/// An error that ends the command with a message and an exit code.
struct CommandError: Error {
    let exit: ExitStatus
    /// The message; empty if everything has been reported.
    let message: TerminalLine

    init(_ exit: ExitStatus, _ message: TerminalLine = "") {
        self.exit = exit
        self.message = message
    }

    /// Creates an error with an untrusted message, which is escaped as one line.
    init(_ exit: ExitStatus, escaping untrusted: String) { self.init(exit, TerminalLine(untrusted)) }

    /// Creates an error from one of the host, with its remedy.
    init(_ exit: ExitStatus, _ error: ToolHostError) {
        self.init(exit, escaping: error.message.with(error.remedy))
    }
}
