import Foundation
import TestSupport

/// A terminal on which a test types, and whose text and screen it examines.
final class PseudoTerminal {
    /// The outcome of a read.
    enum Reading { case output, quiet, closed }

    /// The screen after the output so far.
    private(set) var screen: TerminalScreen
    /// All output so far.
    private(set) var output: [UInt8] = []
    private var events: [Pyte.Event]
    private var snapshots: [TerminalScreen] = []
    private var master: Int32
    private let name: String
    /// The modes of the terminal's driver before a program changed them.
    let originalModes: termios

    /// The value of `TIOCSPTLCK`, which Swift does not import, like the functions that use it.
    private static let lock: UInt = 0x4004_5431
    /// The value of `TIOCGPTN`.
    private static let number: UInt = 0x8004_5430

    /// Opens a terminal.
    ///
    /// - Parameter isUTF8: True if its driver knows that a character may have several bytes, as most terminals tell it.
    init(rows: Int, columns: Int, isUTF8: Bool = false) throws {
        screen = TerminalScreen(rows: rows, columns: columns)
        events = [.size(rows: rows, columns: columns)]
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: Int32 = 0
        var number: UInt32 = 0
        var modes = termios()
        guard master >= 0, ioctl(master, Self.lock, &isLocked) == 0, ioctl(master, Self.number, &number) == 0,
            tcgetattr(master, &modes) == 0
        else { throw Command.Failure(description: "no terminal: \(String(cString: strerror(errno)))") }
        name = "/dev/pts/\(number)"
        if isUTF8 { modes.c_iflag |= tcflag_t(IUTF8) } else { modes.c_iflag &= ~tcflag_t(IUTF8) }
        tcsetattr(master, TCSANOW, &modes)
        originalModes = modes
        setSize(rows, columns)
    }

    deinit { hangUp() }

    /// Starts a command whose standard streams are this terminal.
    func start(_ command: Command, in home: FixtureDirectory) throws -> RunningCommand {
        try command.start(in: home) { actions in
            for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
                posix_spawn_file_actions_addopen(&actions, descriptor, name, O_RDWR, 0)
            }
        }
    }

    /// The modes of the terminal's driver.
    var modes: termios {
        var modes = termios()
        tcgetattr(master, &modes)
        return modes
    }

    /// All output so far, with `\n` as line breaks.
    var text: String { String(decoding: output, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n") }

    // MARK: - Output

    /// Reads a piece of output.
    ///
    /// - Parameter milliseconds: The maximum time to wait for it, or -1 to wait for output or the end.
    func read(within milliseconds: Int32) -> Reading {
        var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        if master < 0 || poll(&entry, 1, milliseconds) == 0 { return master < 0 ? .closed : .quiet }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(master, &buffer, buffer.count)
        if count < 0, errno == EINTR { return .quiet }
        // The other side is closed once no process has it open.
        guard count > 0 else { return .closed }
        let bytes = Array(buffer[..<count])
        output += bytes
        screen.write(bytes)
        events.append(.output(bytes))
        return .output
    }

    /// Returns the screen, and has it checked later against the same of another emulator.
    @discardableResult
    func snapshot() -> TerminalScreen {
        snapshots.append(screen)
        events.append(.snapshot)
        return screen
    }

    /// Returns the first snapshot that differs from that of another emulator, or nil if there is none or no emulator.
    func difference() throws -> String? {
        guard Pyte.isInstalled else { return nil }
        for (own, other) in zip(snapshots.map(Pyte.Screen.init), try Pyte.screens(events)) where own != other {
            return "ours:\n\(own)\npyte:\n\(other)"
        }
        return nil
    }

    // MARK: - Input

    /// Types text.
    func type(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            var entry = pollfd(fd: master, events: Int16(POLLIN | POLLOUT), revents: 0)
            guard master >= 0, poll(&entry, 1, -1) > 0 else { return }
            if entry.revents & Int16(POLLIN) != 0 { _ = read(within: 0) }
            guard entry.revents & Int16(POLLOUT) != 0 else {
                if entry.revents & Int16(POLLHUP | POLLERR) != 0 { return }
                continue
            }
            // A larger piece would block if the program neither reads it nor has its output read.
            let count = rest.prefix(256).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }

    /// Changes the size, which the program learns by a signal.
    func resize(rows: Int, columns: Int) {
        screen.resize(rows: rows, columns: columns)
        events.append(.size(rows: rows, columns: columns))
        setSize(rows, columns)
    }

    /// Closes the terminal, as its window does.
    func hangUp() {
        if master >= 0 { close(master) }
        master = -1
    }

    private func setSize(_ rows: Int, _ columns: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }
}
