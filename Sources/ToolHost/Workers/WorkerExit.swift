import CWorker
import Glibc

/// The exit of a worker process.
struct WorkerExit: Sendable {
    /// A kill by the host.
    struct Kill: Sendable {
        let reason: String
        /// True if the plugin's code is to blame as for a crash.
        var isFault = false
        /// The identifier of the call that is the reason.
        var call: UInt64?
    }

    /// The status that `waitpid` returned.
    private let status: Int32
    private let killed: Kill?
    /// The number of bytes that were passed to the process.
    let sentBytes: Int
    private let note: worker_crash_note?
    /// The last 4 KiB that the process wrote to its standard output and error.
    let output: String

    init(status: Int32, killed: Kill?, sentBytes: Int, note: worker_crash_note?, output: String) {
        self.status = status
        self.killed = killed
        self.sentBytes = sentBytes
        self.note = note
        self.output = output
    }

    /// The identifier of the call whose code made the process exit, if it is known.
    var crashedCall: UInt64? {
        if let call = killed?.call { return call }
        guard let note, note.call != 0 else { return nil }
        return note.call
    }

    /// True if the process exited by itself, or was killed for a fault of the plugin.
    var isCrash: Bool { killed.map(\.isFault) ?? true }

    /// A description of what happened, in a sentence.
    var sentence: String {
        if let killed { return killed.reason }
        // A plugin can write the note, but it cannot exit with this signal by itself.
        if let note, note.signal == 0, note.code > 0, status & 0x7F == SIGKILL {
            return "It had more than \(note.code) processes."
        }
        let signal = status & 0x7F
        guard signal == 0 else {
            return "It crashed with \(Self.signalName(signal))\(meaning(of: signal))."
        }
        return "It ended its process with exit code \((status >> 8) & 0xFF)."
    }

    private func meaning(of signal: Int32) -> String {
        switch signal {
        case SIGSEGV, SIGBUS:
            guard let note, note.signal == signal, note.code > 0 else { return ", an invalid memory access" }
            return ", an invalid access to memory at 0x" + String(note.address, radix: 16)
        case SIGFPE: return ", a division by zero or the like"
        case SIGILL, SIGTRAP: return ", which is how Swift stops at a failed check"
        case SIGABRT: return ", by its own decision"
        case SIGKILL: return ", from outside: out of memory, perhaps"
        case SIGXCPU: return ": it used up its processor time"
        case SIGSYS: return ", a system call that its sandbox forbids"
        default: return ""
        }
    }

    /// The name of a signal, such as "SIGSEGV".
    static func signalName(_ signal: Int32) -> String {
        let names: [Int32: String] = [
            SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
            SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV",
            SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ",
            SIGSYS: "SIGSYS", SIGUSR1: "SIGUSR1", SIGUSR2: "SIGUSR2",
        ]
        return names[signal] ?? "signal \(signal)"
    }
}
