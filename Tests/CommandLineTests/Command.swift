import Foundation
import TestSupport
import Testing
import ToolJSON

/// A run of `toolhost`: the real binary, in an environment that holds nothing of this machine's.
struct Command {
    /// What a run gave.
    struct Result {
        /// The exit code; negative where a signal ended it.
        let status: Int32
        let output: String
        let errors: String

        /// Standard output, as JSON.
        var json: JSON {
            get throws { try JSON(parsing: output) }
        }
    }

    /// Why a run did not even begin.
    struct Failure: Error {
        let description: String
    }

    /// How many seconds a command may run.
    ///
    /// It must outlast the tests around it: one that is not synchronous may have to wait for all of them before it does
    /// what its command is waiting for.
    private static let longestRun = 240.0
    /// `POSIX_SPAWN_SETSID`, which Swift does not see.
    private static let newSession: Int16 = 0x80

    var program = BuiltProducts.executable("toolhost")
    var arguments: [String]
    var input = ""
    /// Nothing listens on port 1: a test that needs a server names its own.
    var environment = ["OLLAMA_HOST": "http://127.0.0.1:1"]
    /// Runs before the program, in a shell that finds its command line in `$@`.
    var shell: String?

    /// A verb with its arguments.
    init(_ arguments: String..., input: String = "") {
        self.arguments = arguments
        self.input = input
    }

    /// A verb with its arguments, over the plugins of one directory alone.
    init(_ arguments: String..., plugins: FixtureDirectory, input: String = "") {
        self.arguments = arguments + ["--no-default-plugins", "--plugins", plugins.path]
        self.input = input
    }

    /// Runs it to its end.
    func run() throws -> Result { try runMarked().result }

    /// Runs it to its end, and tells which process it was.
    func runMarked() throws -> (result: Result, process: pid_t) {
        // Files, not pipes: nothing has to be emptied meanwhile, and no child of another test can hold them open.
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

    /// Starts it with the standard streams that `redirect` gives it.
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
        // A session of its own: the first terminal that it opens becomes the one whose Ctrl-C it gets.
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

/// A run that has not ended yet.
struct RunningCommand {
    let process: pid_t
    private let watchdog: DispatchWorkItem

    init(process: pid_t, longest seconds: Double) {
        self.process = process
        // A run that hangs must fail its test, and not the whole of them.
        watchdog = DispatchWorkItem { kill(-process, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: watchdog)
    }

    /// The peak memory of the process so far, in MiB; that of its children is not part of it.
    func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(line.split(separator: " ").compactMap { Int($0) }.first) >> 10
    }

    /// Sends it a signal.
    func send(_ signal: Int32) { kill(process, signal) }

    /// Waits for its end.
    ///
    /// - Returns: The exit code; negative where a signal ended it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        watchdog.cancel()
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }
}
