import Glibc
import OllamaClient
import SystemPackage

/// The stand-in for a model server, as a child of this process.
///
/// The child exits when this object is released, and when this process exits. It is started by hand, because a child of
/// swift-subprocess cannot outlive the closure that uses it.
final class RehearsalServer: Sendable {
    /// The name of the model that the child serves.
    static let model = "rehearsal"

    /// The address on which the child listens.
    let endpoint: OllamaEndpoint
    private let process: pid_t
    private let input: Int32

    init() throws(CommandError) {
        guard let program = Installation.helper("toolhost-rehearsal") else {
            throw CommandError(
                .server,
                "toolhost-rehearsal is not installed beside this toolhost. Install toolhost again."
            )
        }
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else {
            throw CommandError(.server, "toolhost-rehearsal cannot be started: \(Errno(rawValue: errno).description).")
        }
        // The child must not inherit this side's ends, or its input would never end.
        for descriptor in toChild + fromChild { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], STDOUT_FILENO)
        // In a separate process group: Ctrl-C at the terminal may only cancel an answer, and must not kill the child.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), nil]
        defer { free(arguments[0]) }
        var process = pid_t()
        let failure = posix_spawn(&process, program, &actions, &attributes, &arguments, environ)
        close(toChild[0])
        close(fromChild[1])
        defer { close(fromChild[0]) }
        guard failure == 0 else {
            close(toChild[1])
            throw CommandError(.server, "\(program) cannot be started: \(Errno(rawValue: failure).description).")
        }
        self.process = process
        input = toChild[1]
        guard let line = Self.line(from: fromChild[0]) else {
            throw CommandError(.server, "\(program) exited before it was ready.")
        }
        endpoint = OllamaEndpoint(parsing: line)
    }

    deinit {
        // The child exits at the end of its input.
        close(input)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    private static func line(from descriptor: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < 200 {
            let count = withUnsafeMutableBytes(of: &byte) { try? FileDescriptor(rawValue: descriptor).read(into: $0) }
            guard count == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }
}
