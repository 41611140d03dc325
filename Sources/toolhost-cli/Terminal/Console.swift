import Glibc
import Synchronization
import ToolJSON

/// Standard output or standard error.
///
/// The only place that writes. What cannot be written ends the command: nobody is there to read on.
final class Console: Sendable {
    /// For data.
    static let output = Console(STDOUT_FILENO)
    /// For everything else.
    static let error = Console(STDERR_FILENO)

    private let descriptor: Int32
    /// Whether a person sees it at once.
    let isTerminal: Bool
    /// Whether colours are wanted.
    private let hasStyles: Bool
    private let isAtLineStart = Mutex(true)

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        let isPlain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? true
        hasStyles = isTerminal && !isPlain && !isDumb
    }

    /// Takes the place of standard descriptors that are closed, so that no file opened later is mistaken for one.
    static func prepare() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The wrong way round: to use it must fail, as it would have.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    /// A text in a style, where there are any.
    ///
    /// The text must be safe already.
    func styled(_ text: String, _ style: Style) -> String {
        hasStyles && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Writes text of others: as it is into a file or a pipe, made safe on a terminal.
    func write(_ untrusted: String, _ style: Style? = nil) {
        let text = isTerminal ? TerminalText(untrusted).text : untrusted
        raw(style.map { styled(text, $0) } ?? text)
        follow(untrusted)
    }

    /// Writes a line that this program made; what others said in it must be safe already.
    func line(_ text: String) {
        raw(text + "\n")
        isAtLineStart.withLock { $0 = true }
    }

    /// Writes a JSON value and a line break.
    func json(_ value: JSON, _ style: JSONStyle = .pretty) {
        write(value.text(style) + "\n")
    }

    /// Ends the line, if one has begun.
    func endLine() {
        if !isAtLineStart.withLock(\.self) { line("") }
    }

    /// Writes a line about what somebody else said, shortened.
    func note(_ untrusted: String) {
        line("note: " + TerminalText.line(untrusted, limit: 400))
    }

    private func follow(_ text: String) {
        guard let last = text.utf8.last else { return }
        isAtLineStart.withLock { $0 = last == UInt8(ascii: "\n") }
    }

    /// Writes bytes as they are.
    func raw(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { Glibc.write(descriptor, $0 + start, bytes.count - start) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // Whoever shares the descriptor has made it non-blocking; its reader is only slow.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, -1)
                continue
            }
            guard count > 0 else { fail(errno) }
            start += count
        }
    }

    private func raw(_ text: String) { raw(Array(text.utf8)) }

    private func fail(_ code: Int32) -> Never {
        // A closed pipe is the reader's choice (`| head`), and needs no words. Nothing can be said on a broken stderr.
        if code != EPIPE, descriptor != STDERR_FILENO {
            Console.error.line("toolhost: standard output cannot be written: \(String(cString: strerror(code)))")
        }
        Console.exit(.inputOutput)
    }

    /// Ends the process at once: no thread that a plugin holds up may keep it alive.
    static func exit(_ status: ExitStatus) -> Never {
        _exit(status.rawValue)
    }
}
