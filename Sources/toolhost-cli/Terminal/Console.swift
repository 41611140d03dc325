// Glibc declares `stdout` as a global variable.
@preconcurrency import Glibc
import Locks
import Synchronization
import SystemPackage
import Terminal
import ToolJSON

/// Standard output or standard error.
///
/// All output is written here. A failed write exits the program, because the output has no reader any more.
final class Console: Sendable {
    /// The console for data.
    static let output = Console(STDOUT_FILENO)
    /// The console for everything else.
    static let error = Console(STDERR_FILENO)

    private static let terminal = Screen()

    private let descriptor: Atomic<Int32>
    /// True for the console for data.
    private let isForData: Bool
    /// True if the output goes to a terminal.
    let isTerminal: Bool
    /// True if styles are wanted.
    let hasStyles: Bool
    /// True if the output goes to a terminal that can move its cursor.
    let movesCursor: Bool
    let screen: Screen

    private init(_ descriptor: Int32) {
        self.descriptor = Atomic(descriptor)
        isForData = descriptor == STDOUT_FILENO
        isTerminal = isatty(descriptor) == 1
        let isPlain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { $0.pointee == 0 || strcmp($0, "dumb") == 0 } ?? true
        movesCursor = isTerminal && !isDumb
        hasStyles = movesCursor && !isPlain
        screen = isTerminal ? Self.terminal : Screen()
    }

    /// Fills standard descriptors that are closed, so that no file opened later is mistaken for one.
    static func prepare() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // Opened in the wrong mode: its use must fail, as it would on a closed descriptor.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// Reserves standard output for ``output``: what plugins in this process print goes to standard error, unbuffered.
    ///
    /// A second call has no effect.
    static func reserveOutput() {
        // Created before the descriptor changes.
        let output = Self.output
        guard output.current == STDOUT_FILENO else { return }
        let own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
        guard own >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else { return }
        output.descriptor.store(own, ordering: .sequentiallyConsistent)
        setvbuf(stdout, nil, Int32(_IONBF), 0)
    }

    /// The rows and columns of the terminal; 24 and 80 if they are unknown.
    var size: (rows: Int, columns: Int) {
        var size = winsize()
        guard isTerminal, ioctl(current, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else {
            return (24, 80)
        }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    // MARK: - Styles

    /// Returns the line in a style, if styles are wanted.
    func styled(_ line: TerminalLine, _ style: TextStyle) -> TerminalLine { hasStyles ? line.styled(style) : line }

    /// Returns untrusted text as one line in a style, if styles are wanted.
    func styled(escaping untrusted: String, _ style: TextStyle) -> TerminalLine {
        styled(TerminalLine(untrusted), style)
    }

    // MARK: - Writing

    /// A piece of output.
    enum Piece: Sendable {
        /// A line with its line break.
        case line(TerminalLine)
        /// Lines of data with their line breaks.
        case lines([TerminalLine])
        /// Lines with their line breaks, which take exactly the rows of ``TerminalLine/rowCount(columns:)``.
        case filled([TerminalLine])
        /// Data that is written unchanged into a file or a pipe, and is made safe on a terminal.
        case data(String)
        /// Data with the margin before each row on a terminal.
        case quoted(String, TextStyle)
        /// Rows that are laid out already, the last of which may continue.
        case rows([StyledText])
        /// The end of the line, if one has begun.
        case lineEnd
    }

    /// Writes a line.
    ///
    /// On standard output it is data, and stays whole on a terminal.
    ///
    /// - Parameter kind: The kind of output, if it comes while a question is open or before one.
    func line(_ line: TerminalLine, as kind: HeldOutput.Kind = .own) {
        put(kind == .own && isForData ? .lines([line]) : .line(line), kind)
    }

    /// Writes untrusted text as one line.
    func line(escaping untrusted: String) { line(TerminalLine(untrusted)) }

    /// Writes lines at once: a thousand of them would take a thousand system calls.
    ///
    /// On standard output they are data.
    func lines(_ lines: [TerminalLine]) { put(isForData ? .lines(lines) : .filled(lines), .own) }

    /// Writes data unchanged into a file or a pipe, and made safe on a terminal.
    func write(_ untrusted: String) { put(.data(untrusted), .own) }

    /// Writes a piece of text of a model or a plugin: unchanged into a file or a pipe, and with a margin before each row
    /// on a terminal.
    func quote(_ untrusted: String, _ style: TextStyle = []) { put(.quoted(untrusted, style), .own) }

    /// Writes rows that a renderer has laid out for the columns of the terminal.
    func rows(_ rows: [StyledText], as kind: HeldOutput.Kind = .own) { if !rows.isEmpty { put(.rows(rows), kind) } }

    /// Writes a JSON value and a line break.
    func json(_ value: JSON, _ style: JSONStyle = .pretty) { write(value.text(style) + "\n") }

    /// Ends the line, if one has begun.
    func endLine() { put(.lineEnd, .own) }

    /// Writes a note with untrusted text, shortened.
    func note(_ untrusted: String) { line("note: \(untrusted, limit: Self.noteLimit)", as: .event) }

    /// The maximum length of a note: a sentence, and the last output of a plugin before it crashed.
    static let noteLimit = 1200

    private func put(_ piece: Piece, _ kind: HeldOutput.Kind) {
        screen.state.withLock { state in
            guard state.question == nil else { return state.held.add(piece, kind, self) }
            Self.interrupt(&state) { state in
                Screen.release(&state)
                write(piece, &state)
            }
        }
    }

    /// Writes the held output, and exits at once: no thread that a plugin blocks may keep the process alive.
    static func exit(_ status: ExitStatus) -> Never {
        terminal.releaseIfFree()
        LineEditor.restoreTerminal()
        _exit(status.rawValue)
    }

    // MARK: - Questions

    /// Opens a question: all other output waits until it is closed.
    func openQuestion() -> Int { screen.openQuestion() }

    /// Closes a question, unless it is closed already.
    func closeQuestion(_ question: Int) { screen.closeQuestion(question) }

    /// Closes a question without blocking; the held output is written before the next output.
    func abandonQuestion(_ question: Int) { screen.abandonQuestion(question) }

    /// Writes a piece of a question or of its details.
    func ask(_ piece: Piece) { screen.state.withLock { write(piece, &$0) } }
}

extension Console {
    /// Writes immediately, while the screen is locked.
    func write(_ piece: Piece, _ state: inout Screen.State) {
        switch piece {
        case .line(let line):
            endLine(&state)
            emit(line.text + "\n", .words, &state)
        case .lines(let lines):
            // Data is copied from the terminal, paths and commands above all, so its lines stay whole.
            endLine(&state)
            raw(lines.map { $0.text + "\n" }.joined())
        case .filled(let lines):
            endLine(&state)
            emit(lines.map { $0.text + "\n" }.joined(), .filled, &state)
        case .data(let text):
            raw(isTerminal ? TerminalText(text).text : text)
            guard !text.isEmpty else { return }
            state.layout.startRow()
            follow(text, &state)
        case .quoted(let text, let style):
            guard isTerminal else { return write(.data(text), &state) }
            let rows = state.layout.rows(of: TerminalText(text).text, .quoted, width: size.columns)
            raw([StyledText(safe: rows, style)].encoded(hasStyles: hasStyles && !rows.isEmpty))
            follow(rows, &state)
        case .rows(let pieces):
            // Other output may have ended the row that the pieces continue.
            raw((isTerminal && state.isAtLineStart ? pieces.atRowStart() : pieces).encoded(hasStyles: hasStyles))
            state.layout.startRow()
            follow(pieces.last?.text ?? "", &state)
        case .lineEnd:
            endLine(&state)
        }
    }

    private func endLine(_ state: inout Screen.State) {
        if !state.isAtLineStart { emit("\n", .words, &state) }
    }

    private func emit(_ text: String, _ style: RowLayout.Style, _ state: inout Screen.State) {
        let rows = isTerminal ? state.layout.rows(of: text, style, width: size.columns) : text
        raw(rows)
        follow(rows, &state)
    }

    private func follow(_ text: String, _ state: inout Screen.State) {
        if let last = text.utf8.last { state.isAtLineStart = last == UInt8(ascii: "\n") }
    }

    private var current: Int32 { descriptor.load(ordering: .relaxed) }

    /// Writes safe text and escape sequences of this program, while the screen is locked.
    func raw(_ text: String) {
        var text = text
        let descriptor = current
        let failure: Int32? = text.withUTF8 { bytes in
            var start = 0
            while start < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN {
                    // Another process that shares the descriptor has made it non-blocking; its reader is only slow.
                    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&entry, 1, -1)
                    continue
                }
                guard count > 0 else { return errno }
                start += count
            }
            return nil
        }
        if let failure { fail(failure) }
    }

    private func fail(_ code: Int32) -> Never {
        // A closed pipe is the reader's choice (`| head`) and needs no message, and a broken standard error cannot have
        // one. The screen may be locked, so the message is written directly to the descriptor.
        if code != EPIPE, isForData {
            let message = "toolhost: standard output cannot be written: \(Errno(rawValue: code).description)\n"
            _ = Array(message.utf8).withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
        LineEditor.restoreTerminal()
        _exit(ExitStatus.inputOutput.rawValue)
    }
}
