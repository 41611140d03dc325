import Glibc
import Locks
@testable import Terminal

/// A pseudo-terminal with an editor, on which a test types and whose screen it examines.
final class EditorTerminal {
    struct Failure: Error {
        let reason: String
    }

    let editor: LineEditor
    private(set) var screen: EmulatedScreen
    /// The modes of the terminal before the editor started.
    let original: termios
    private var master: Int32
    private let device: Int32
    private var incomplete: [UInt8] = []

    /// The value of `TIOCSPTLCK`, which Swift does not import, like the functions that use it.
    private static let lock: UInt = 0x4004_5431
    /// The value of `TIOCGPTN`.
    private static let number: UInt = 0x8004_5430

    /// Opens a terminal, and starts an editor on it.
    ///
    /// - Parameter typed: A line that is typed, and shown by the kernel, before the editor starts.
    init(
        rows: Int = 24,
        columns: Int = 80,
        terminal: String? = "xterm",
        isUTF8: Bool = true,
        typed: String = "",
        history: PromptHistory = PromptHistory(path: nil)
    ) throws {
        screen = EmulatedScreen(rows: rows, columns: columns)
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, Self.lock, &isLocked) == 0, ioctl(master, Self.number, &number) == 0 else {
            throw Failure(reason: "no terminal")
        }
        device = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var modes = termios()
        guard device >= 0, tcgetattr(device, &modes) == 0 else { throw Failure(reason: "no device") }
        if isUTF8 { modes.c_iflag |= tcflag_t(IUTF8) } else { modes.c_iflag &= ~tcflag_t(IUTF8) }
        tcsetattr(device, TCSANOW, &modes)
        original = modes
        Self.resize(master, rows, columns)
        _ = write(master, typed, typed.utf8.count)
        var entry = pollfd(fd: device, events: Int16(POLLIN), revents: 0)
        if !typed.isEmpty { poll(&entry, 1, -1) }
        guard
            let editor = LineEditor(
                input: device,
                output: device,
                terminal: terminal,
                hasStyles: false,
                history: history
            )
        else { throw Failure(reason: "no editor") }
        self.editor = editor
    }

    deinit {
        editor.close()
        hangUp()
        close(device)
    }

    /// The modes of the terminal.
    var modes: termios {
        var modes = termios()
        tcgetattr(device, &modes)
        return modes
    }

    func resize(rows: Int, columns: Int) {
        screen.resize(rows: rows, columns: columns)
        Self.resize(master, rows, columns)
        kill(getpid(), SIGWINCH)
    }

    /// Closes the side of the person who types.
    func hangUp() {
        if master >= 0 { close(master) }
        // A negative descriptor is ignored by poll.
        master = -1
    }

    /// A line that is being read.
    final class Reading: Sendable {
        fileprivate let result = Lock<LineResult?>(nil)
        private let task = Lock<Task<Void, Never>?>(nil)

        fileprivate init(_ editor: LineEditor, _ request: LineRequest) {
            let task = Task { [self] in
                let result = await editor.read(request)
                self.result.withLock { $0 = result }
            }
            self.task.withLock { $0 = task }
        }

        func cancel() { task.withLock { $0 }?.cancel() }
    }

    /// Begins to read a line.
    func read(_ request: LineRequest = LineRequest("> ")) -> Reading { Reading(editor, request) }

    /// Types text, while the editor reads it.
    func type(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            var entry = pollfd(fd: master, events: Int16(POLLOUT | POLLIN), revents: 0)
            guard poll(&entry, 1, 10_000) > 0 else { return }
            if entry.revents & Int16(POLLIN) != 0 { read() }
            guard entry.revents & Int16(POLLOUT) != 0 else { continue }
            // A larger piece would block until the editor has read it.
            let count = rest.prefix(256).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            rest = rest.dropFirst(max(count, 0))
        }
    }

    /// Writes as another part of the program, while a line may be open.
    func output(_ text: String) { editor.write { _ = write(device, text, text.utf8.count) } }

    /// Waits until the screen meets a condition.
    ///
    /// - Returns: False if it does not within ten seconds.
    func wait(until condition: (EmulatedScreen) -> Bool) async -> Bool {
        for _ in 0..<1000 {
            if condition(screen) { return true }
            var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, 20) > 0 { read() }
            // The pool may have no other thread for the task that reads a line.
            await Task.yield()
        }
        return false
    }

    /// Waits for the line, and examines the screen meanwhile.
    func result(of reading: Reading) async -> LineResult? {
        _ = await wait { _ in reading.result.withLock { $0 != nil } }
        return reading.result.withLock(\.self)
    }

    /// Waits until the editor has taken all input, and written what it shows of it.
    func waitUntilRead() async -> Bool {
        await wait { _ in
            var count: Int32 = 0
            return ioctl(device, UInt(FIONREAD), &count) == 0 && count == 0
        }
    }

    private func read() {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(master, &bytes, bytes.count)
        guard count > 0 else { return }
        incomplete += bytes[..<count]
        // A character may be cut by the end of the piece.
        var end = incomplete.count
        while end > 0, incomplete[end - 1] & 0xC0 == 0x80 { end -= 1 }
        if end > 0, incomplete[end - 1] >= 0xC0 { end -= 1 } else { end = incomplete.count }
        if String(validating: incomplete, as: UTF8.self) != nil { end = incomplete.count }
        screen.write(String(decoding: incomplete[..<end], as: UTF8.self))
        incomplete.removeFirst(end)
    }

    private static func resize(_ master: Int32, _ rows: Int, _ columns: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }
}
