import Foundation
import TestSupport

/// A terminal without a screen: what a command shows on it is text to look at, and a test does the typing.
final class PseudoTerminal {
    /// Something that a person would type once they have read something.
    typealias Step = (after: String, type: String)

    /// What a session gave.
    struct Session {
        /// The exit code; negative where a signal ended it.
        let status: Int32
        /// Everything shown, with `\n` for the line breaks.
        let text: String
    }

    private let master: Int32
    private let name: String

    /// `TIOCSPTLCK` and `TIOCGPTN`: Swift sees neither them nor the functions that are made of them.
    private static let lock: UInt = 0x4004_5431
    private static let number: UInt = 0x8004_5430

    init() throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, Self.lock, &isLocked) == 0, ioctl(master, Self.number, &number) == 0 else {
            throw Command.Failure(description: "no terminal: \(String(cString: strerror(errno)))")
        }
        name = "/dev/pts/\(number)"
    }

    deinit { close(master) }

    /// Runs a command on a terminal, typing as it goes.
    ///
    /// - Parameter ahead: What is typed before anything is shown.
    static func run(_ command: Command, ahead: String = "", _ steps: Step...) throws -> Session {
        try PseudoTerminal().run(command, ahead, steps)
    }

    private func run(_ command: Command, _ ahead: String, _ steps: [Step]) throws -> Session {
        let home = try FixtureFolder()
        let running = try command.start(in: home) { actions in
            for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
                posix_spawn_file_actions_addopen(&actions, descriptor, name, O_RDWR, 0)
            }
        }
        type(ahead)
        var shown: [UInt8] = []
        var steps = steps[...]
        var start = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(master, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            // The other side is closed once nobody has it any more.
            guard count > 0 else { break }
            shown += buffer[..<count]
            while let step = steps.first, let place = shown[start...].firstRange(of: Array(step.after.utf8)) {
                start = place.upperBound
                type(step.type)
                steps = steps.dropFirst()
            }
        }
        let text = String(decoding: shown, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
        return Session(status: running.wait(), text: text)
    }

    private func type(_ text: String) {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty { _ = write(master, bytes, bytes.count) }
    }
}
