import Foundation
import TestSupport
import Testing
import ToolJSON

/// A run of the `toolhost` executable, in an environment without settings of this machine.
struct Command {
    /// The result of a run.
    struct Result {
        /// The exit code, or the negated number of the signal that terminated the process.
        let status: Int32
        let output: String
        let errors: String

        /// Standard output, parsed as JSON.
        var json: JSON {
            get throws { try JSON(parsing: output) }
        }
    }

    /// The reason why a process could not be started.
    struct Failure: Error {
        let description: String
    }

    /// The maximum duration of a command in seconds.
    ///
    /// It is long because an asynchronous test, on which a command waits, may have to wait for all other tests.
    private static let longestRun = 240.0
    /// The value of `POSIX_SPAWN_SETSID`, which Swift does not import.
    private static let newSession: Int16 = 0x80

    var program = BuiltProducts.executable("toolhost")
    var arguments: [String]
    var input = ""
    /// The environment variables; nothing listens on port 1, so a test that needs a server sets the address.
    var environment = ["OLLAMA_HOST": "http://127.0.0.1:1"]
    /// A shell command that runs the command line in `$@`, or nil to run the program directly.
    var shell: String?

    /// Creates a verb with its arguments.
    init(_ arguments: String..., input: String = "") {
        self.arguments = arguments
        self.input = input
    }

    /// Creates a verb with its arguments that uses only the plugins of a directory.
    init(_ arguments: String..., plugins: FixtureDirectory, input: String = "") {
        self.arguments = arguments + ["--no-default-plugins", "--plugins", plugins.path]
        self.input = input
    }

    /// Runs the command and waits for its exit.
    func run() throws -> Result { try runMarked().result }

    /// Runs the command, waits for its exit, and returns its process id as well.
    func runMarked() throws -> (result: Result, process: pid_t) {
        // Files need no reader meanwhile, and unlike pipes cannot be held open by the child of another test.
        let directory = try FixtureDirectory()
        try directory.file("input", input.utf8)
        let output = try directory.file("output", [])
        let errors = try directory.file("errors", [])
        let running = try start(in: directory) { actions in
            let flags = O_RDWR | O_APPEND
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, directory.path + "/input", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, flags, 0)
        }
        let status = running.wait()
        let result = Result(
            status: status,
            output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8)
        )
        return (result, running.process)
    }

    /// Starts the command with the standard streams that `redirect` sets.
    func start(
        in home: FixtureDirectory,
        redirect: (inout posix_spawn_file_actions_t) -> Void
    ) throws -> RunningCommand {
        var words = [program] + arguments
        if let shell { words = ["/bin/sh", "-c", shell, "sh"] + words }
        var variables = ["HOME": home.path, "PATH": "/usr/bin:/bin", "TERM": "xterm"]
        variables.merge(environment) { $1 }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        redirect(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // In a new session, the first terminal that the process opens becomes its controlling terminal.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Self.newSession)

        var process = pid_t()
        let failure = Self.withPointers(to: words) { words in
            Self.withPointers(to: variables.map { "\($0.key)=\($0.value)" }) { variables in
                words[0].map { posix_spawn(&process, $0, &actions, &attributes, words, variables) } ?? EINVAL
            }
        }
        guard failure == 0 else { throw Failure(description: "\(words[0]): \(String(cString: strerror(failure)))") }
        return RunningCommand(process: process, longest: Self.longestRun)
    }

    private static func withPointers<Value>(
        to texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let pointers = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers)
    }
}

/// A command that runs.
struct RunningCommand {
    let process: pid_t
    private let watchdog: DispatchWorkItem

    init(process: pid_t, longest seconds: Double) {
        self.process = process
        // A command that hangs must fail only its test.
        watchdog = DispatchWorkItem { kill(-process, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: watchdog)
    }

    /// Returns the peak memory of the process so far in MiB, without that of its children.
    func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(line.split(separator: " ").compactMap { Int($0) }.first) >> 10
    }

    /// Sends a signal to the process.
    func send(_ signal: Int32) { kill(process, signal) }

    /// Waits for the exit of the process.
    ///
    /// - Returns: The exit code, or the negated number of the signal that terminated the process.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        watchdog.cancel()
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }
}
