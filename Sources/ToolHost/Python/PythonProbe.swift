import CWorker
import Glibc
import SystemPackage
import ToolRuntime

/// The question to a Python interpreter for its version and its directories.
///
/// It runs no code of a plugin.
enum PythonProbe {
    /// The reply of an interpreter.
    struct Reply: Sendable, Hashable {
        let implementation: String
        let version: PythonVersion
        /// The path by which it was started, after wrappers such as those of pyenv.
        let command: String
        let basePrefix: String
    }

    private static let time = Duration.seconds(10)
    private static let maximumReply = 64 << 10

    /// The program that writes one value a line.
    ///
    /// It also runs on versions that are too old for plugins.
    private static let script = """
        import sys
        version = "%d %d %d" % sys.version_info[:3]
        lines = ["toolhost", sys.implementation.name, version, sys.executable, sys.base_prefix]
        sys.stdout.write("\\n".join(lines) + "\\n")
        """

    /// Runs an interpreter.
    ///
    /// Blocks the calling thread until it has replied, at most ten seconds.
    ///
    /// - Returns: Nil if it gives no valid reply.
    static func ask(_ path: String) -> Reply? {
        let words = [path, "-I", "-S", "-B", "-c", script]
        guard let output = run(words), let text = String(validating: output, as: UTF8.self) else { return nil }
        return Reply(text)
    }

    /// Runs a program, and returns its standard output; nil if it fails, takes too long or prints too much.
    ///
    /// Blocks the calling thread, at most ten seconds.
    static func run(_ words: [String]) -> [UInt8]? {
        guard let ends = try? FileDescriptor.pipe(options: .closeOnExec) else { return nil }
        defer { try? ends.readEnd.close() }
        let child = start(words, output: ends.writeEnd.rawValue)
        try? ends.writeEnd.close()
        guard let child else { return nil }
        let output = read(ends.readEnd.rawValue, until: .now + time)
        if output == nil { kill(-child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status == 0 ? output : nil
    }

    private static func start(_ words: [String], output: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        _ = worker_close_descriptors(&actions, 3)
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        // Wrappers of interpreters need the user's variables; the interpreter ignores those for Python.
        var environment: [UnsafeMutablePointer<CChar>?] = []
        for name in ["PATH", "HOME", "PYENV_ROOT", "PYENV_VERSION"] {
            if let value = getenv(name) { environment.append(strdup("\(name)=\(String(cString: value))")) }
        }
        environment.append(nil)
        defer { for pointer in arguments + environment { free(pointer) } }
        var child = pid_t()
        return posix_spawn(&child, words[0], &actions, &attributes, &arguments, &environment) == 0 ? child : nil
    }

    /// Reads until the end; returns nil if it takes too long or is too much.
    private static func read(_ descriptor: Int32, until end: MonotonicInstant) -> [UInt8]? {
        var output: [UInt8] = []
        while output.count <= maximumReply {
            let left = end.since(.now)
            guard left > .zero else { return nil }
            var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&source, 1, Int32(left / .milliseconds(1)) + 1) >= 0 || errno == EINTR else { return nil }
            guard source.revents != 0 else { continue }
            let piece = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
                count = max(Glibc.read(descriptor, buffer.baseAddress, buffer.count), 0)
            }
            if piece.isEmpty { return output }
            output += piece
        }
        return nil
    }
}

extension PythonProbe.Reply {
    /// Reads the output of the program; returns nil if it is not valid.
    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 6, lines[0] == "toolhost", lines[5].isEmpty else { return nil }
        let numbers = lines[2].split(separator: " ").compactMap { UInt16($0).map(Int.init) }
        guard numbers.count == 3, lines[3...4].allSatisfy({ $0.hasPrefix("/") && $0.utf8.count < Int(PATH_MAX) }) else {
            return nil
        }
        implementation = lines[1]
        version = PythonVersion(numbers[0], numbers[1], numbers[2])
        command = lines[3]
        basePrefix = lines[4]
    }
}
