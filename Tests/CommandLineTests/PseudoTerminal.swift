import Foundation
import TestSupport

/// A terminal on which a test types, and whose text and screen it examines.
final class PseudoTerminal {
    /// Input that is typed once a text is shown.
    typealias Step = (after: String, type: String)

    /// Input that is typed once a text is shown, a condition is met, and the terminal is quiet.
    struct PatientStep {
        var after: String
        /// Returns true once the input can be typed.
        var when: () -> Bool = { true }
        var type: String
    }

    /// The result of a session.
    struct Session {
        /// The exit code, or the negated number of the signal that terminated the process.
        let status: Int32
        /// All output, with `\n` as line breaks.
        let text: String
        /// The screen before the input of each step.
        var screens: [TerminalScreen] = []
    }

    private let master: Int32
    private let name: String
    private let size: (rows: Int, columns: Int)

    /// The value of `TIOCSPTLCK`, which Swift does not import, like the functions that use it.
    private static let lock: UInt = 0x4004_5431
    /// The value of `TIOCGPTN`.
    private static let number: UInt = 0x8004_5430
    /// The time without output before a patient step, in milliseconds.
    private static let quiet: Int32 = 300

    init(rows: Int, columns: Int) throws {
        size = (rows, columns)
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: Int32 = 0
        var number: UInt32 = 0
        var window = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard master >= 0, ioctl(master, Self.lock, &isLocked) == 0, ioctl(master, Self.number, &number) == 0,
            ioctl(master, UInt(TIOCSWINSZ), &window) == 0
        else { throw Command.Failure(description: "no terminal: \(String(cString: strerror(errno)))") }
        name = "/dev/pts/\(number)"
    }

    deinit { close(master) }

    /// Runs a command on a terminal with rows so long that no text is broken.
    ///
    /// - Parameter ahead: The input before any output.
    static func run(_ command: Command, ahead: String = "", _ steps: Step...) throws -> Session {
        let steps = steps.map { PatientStep(after: $0.after, type: $0.type) }
        return try PseudoTerminal(rows: 24, columns: 4000).run(command, ahead, steps, isPatient: false)
    }

    /// Runs a command on a terminal of a size, and records the screen before each step.
    static func run(
        _ command: Command,
        ahead: String = "",
        rows: Int = 24,
        columns: Int = 80,
        steps: [PatientStep]
    ) throws -> Session {
        try PseudoTerminal(rows: rows, columns: columns).run(command, ahead, steps, isPatient: true)
    }

    private func run(
        _ command: Command,
        _ ahead: String,
        _ steps: [PatientStep],
        isPatient: Bool
    ) throws -> Session {
        let home = try FixtureDirectory()
        let running = try command.start(in: home) { actions in
            for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
                posix_spawn_file_actions_addopen(&actions, descriptor, name, O_RDWR, 0)
            }
        }
        type(ahead)
        var shown: [UInt8] = []
        var steps = steps[...]
        var start = 0
        var screens: [TerminalScreen] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            let isQuiet = poll(&entry, 1, isPatient ? Self.quiet : -1) == 0
            if !isQuiet {
                let count = read(master, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                // The other side is closed once no process has it open.
                guard count > 0 else { break }
                shown += buffer[..<count]
            }
            guard isQuiet || !isPatient else { continue }
            while let step = steps.first, let place = shown[start...].firstRange(of: Array(step.after.utf8)),
                step.when()
            {
                start = place.upperBound
                if isPatient { screens.append(screen(shown)) }
                type(step.type)
                steps = steps.dropFirst()
                // The next input must follow output that comes after this input.
                if isPatient { break }
            }
        }
        let text = String(decoding: shown, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
        return Session(status: running.wait(), text: text, screens: screens)
    }

    private func screen(_ shown: [UInt8]) -> TerminalScreen {
        TerminalScreen(String(decoding: shown, as: UTF8.self), rows: size.rows, columns: size.columns)
    }

    private func type(_ text: String) {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty { _ = write(master, bytes, bytes.count) }
    }
}
