import Glibc

/// A program that runs beside the test.
///
/// Not Foundation's: that one has its children inherit a socket, and waits for all who got hold of it.
public struct ChildProcess {
    /// Why it was not run, or not to a good end.
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

    /// Waits for its end.
    ///
    /// - Returns: The exit code; negative where a signal ended it.
    public func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }

    /// Copies files to a place where every user can get at them: not everybody is let into the directory of the build.
    ///
    /// Another process makes the copies: a child that a test starts meanwhile would hold a file of this one's open for
    /// writing, and the kernel runs no such file.
    public static func copy(_ files: [String], to path: String) throws {
        let status = try ChildProcess(["/bin/cp"] + files + [path], output: STDERR_FILENO).wait()
        guard status == 0 else { throw Failure(description: "\(path) cannot be made: status \(status)") }
    }
}
