import Glibc

/// A child process of the test.
///
/// Foundation's `Process` is not used: its children inherit a socket, and it waits until every process that has the
/// socket exits.
public struct ChildProcess {
    /// The reason why a program could not be run, or failed.
    public struct Failure: Error {
        public let description: String
    }

    private let process: pid_t

    /// Starts a program with no input and no environment.
    public init(_ words: [String], output: Int32) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        for stream in [STDOUT_FILENO, STDERR_FILENO] { posix_spawn_file_actions_adddup2(&actions, output, stream) }
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let failure = posix_spawn(&process, words[0], &actions, nil, arguments, [nil])
        guard failure == 0 else {
            throw Failure(description: "\(words[0]): \(String(cString: strerror(failure)))")
        }
        self.process = process
    }

    /// Waits until the process exits.
    ///
    /// - Returns: The exit code, or the negative number of the signal that killed the process.
    public func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }

    /// Copies files to a directory that every user can read, unlike the directory of the build.
    ///
    /// Another process makes the copies. A child that a test starts at the same time would otherwise inherit a
    /// descriptor that is open for writing, and the kernel does not run such a file.
    public static func copy(_ files: [String], to path: String) throws {
        let status = try ChildProcess(["/bin/cp"] + files + [path], output: STDERR_FILENO).wait()
        guard status == 0 else { throw Failure(description: "\(path) cannot be made: status \(status)") }
    }
}
