import Foundation
import TestSupport
import Testing
import ToolJSON
import ToolSandbox

/// Runs of the probe program: it confines itself as ordered, and does one act.
struct Probe {
    /// Whom it runs as.
    enum User: String, CaseIterable, CustomTestStringConvertible {
        case current
        case nobody

        /// Somebody else can be tried by root alone.
        static var available: [User] { geteuid() == 0 ? allCases : [.current] }

        var testDescription: String { rawValue }
    }

    /// What a run gave.
    struct Result {
        let lines: [Substring]
        /// The exit code; negative where a signal ended it.
        let status: Int32

        /// How the act went: `ok` or the name of an error.
        var outcome: String { status == 0 ? lines.last.map(String.init) ?? "nothing" : "status \(status): \(lines)" }

        var report: SandboxReport {
            get throws { SandboxReport(try JSON(parsing: String(lines.first ?? ""))) }
        }
    }

    struct Failure: Error {
        let description: String
    }

    /// A number that no ordinary group or user of a system has.
    private static let nobody: uid_t = 65534

    let scene: Scene
    var user = User.current
    var mode = SandboxMode.required
    var grants = SandboxGrants()
    /// `victim`, `group`, `tighten`, `no-landlock`, `no-filters`, `unsupervised`.
    var options: [String] = ["victim"]

    /// Runs it to its end.
    func run(_ act: String, _ argument: String = "") throws -> Result {
        let order = SandboxOrder(mode: mode, grants: grants).json.text()
        var words = [scene.program, order, scene.plugin, options.joined(separator: ","), act, argument]
        if user == .nobody {
            let id = String(Self.nobody)
            words = ["/usr/bin/setpriv", "--reuid=\(id)", "--regid=\(id)", "--clear-groups"] + words
        }
        // Not a file: a confined process may not make one longer. Not a pipe: a child of another test could hold it.
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
