import Foundation
import TestSupport
import Testing
import ToolJSON
import ToolSandbox

/// A run of the probe program, which confines itself and does one act.
struct Probe {
    /// The user of the probe process.
    enum User: String, CaseIterable, CustomTestStringConvertible {
        case current
        case nobody

        /// The users that this process can switch to.
        ///
        /// Only root can switch to another user.
        static var available: [User] { geteuid() == 0 ? allCases : [.current] }

        var testDescription: String { rawValue }
    }

    /// The output of a run.
    struct Result {
        let lines: [Substring]
        /// The exit code.
        ///
        /// It is negative if a signal terminated the process.
        let status: Int32

        /// The outcome of the act: `ok` or the name of an error.
        var outcome: String { status == 0 ? lines.last.map(String.init) ?? "nothing" : "status \(status): \(lines)" }

        var report: SandboxReport {
            get throws { SandboxReport(try JSON(parsing: String(lines.first ?? ""))) }
        }
    }

    struct Failure: Error {
        let description: String
    }

    /// An ID that no ordinary user or group has.
    private static let nobody: uid_t = 65534

    let scene: Scene
    var user = User.current
    var mode = SandboxMode.required
    var grants = SandboxGrants()
    /// `victim`, `group`, `tighten`, `no-landlock`, `no-filters`, `unsupervised`.
    var options: [String] = ["victim"]
    /// The program that the act `start` starts.
    var interpreter: SandboxInterpreter?

    /// Runs the probe and waits for its exit.
    func run(_ act: String, _ arguments: String...) throws -> Result {
        let order = SandboxOrder(mode: mode, grants: grants, interpreter: interpreter).json.text()
        var words = [scene.program, order, scene.plugin, options.joined(separator: ","), act] + arguments
        if user == .nobody {
            let id = String(Self.nobody)
            words = ["/usr/bin/setpriv", "--reuid=\(id)", "--regid=\(id)", "--clear-groups"] + words
        }
        // A confined process cannot extend a file, and a child of another test could keep a pipe open.
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Failure(description: "socketpair: \(String(cString: strerror(errno)))")
        }
        let process: ChildProcess
        do {
            defer { close(ends[1]) }
            process = try ChildProcess(words, output: ends[1])
        }
        let text = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true).readDataToEndOfFile()
        return Result(
            lines: String(decoding: text, as: UTF8.self).split(separator: "\n"),
            status: process.wait()
        )
    }
}
