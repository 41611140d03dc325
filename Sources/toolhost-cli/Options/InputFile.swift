import Glibc
import SystemPackage

/// Reads a whole file or standard input, up to a limit.
enum InputFile {
    static let maximumBytes = 64 << 20

    /// The time without data on standard input after which the user is notified, in milliseconds.
    private static let silence: Int32 = 1000

    /// - Parameter path: A path, or `-` for standard input.
    static func read(_ path: String, limit: Int = maximumBytes) throws(CommandError) -> [UInt8] {
        if path == "-" { return try readInput(limit: limit, isNeeded: true) ?? [] }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while try add(to: &bytes, from: descriptor, path, limit) {}
        return bytes
    }

    /// Reads standard input as the text of a prompt.
    static func prompt() throws(CommandError) -> String { try text(try read("-")) }

    /// Reads the text that standard input has beside a prompt.
    ///
    /// - Returns: The text, or nil if standard input is a terminal, cannot be read or has no text; and true if it is open
    ///   and has sent nothing for a second.
    static func textBesidePrompt() throws(CommandError) -> (text: String?, isSilent: Bool) {
        let flags = fcntl(STDIN_FILENO, F_GETFL)
        guard flags >= 0, flags & O_ACCMODE != O_WRONLY, isatty(STDIN_FILENO) == 0 else { return (nil, false) }
        guard let bytes = try readInput(limit: maximumBytes, isNeeded: false) else { return (nil, true) }
        let text = try text(bytes)
        return (text.contains { !$0.isWhitespace } ? text : nil, false)
    }

    /// True if standard input has something to read now.
    static var hasInput: Bool {
        var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1 && entry.revents & Int16(POLLIN) != 0
    }

    /// Reads standard input.
    ///
    /// - Parameter isNeeded: False to go on without it if it sends nothing for a second; after its first byte, it is read
    ///   to its end.
    /// - Returns: Nil if the caller is to go on without it.
    private static func readInput(limit: Int, isNeeded: Bool) throws(CommandError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var wait = silence
        while true {
            var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let count = poll(&entry, 1, wait)
            if count > 0 {
                guard try add(to: &bytes, from: STDIN_FILENO, "-", limit) else { return bytes }
            } else if count == 0, !isNeeded, bytes.isEmpty {
                Console.error.line(
                    """
                    toolhost: standard input is open but has sent nothing for a second, so the prompt is sent without \
                    it. To avoid the wait, add </dev/null. To send input that takes longer, read it from a file: <FILE
                    """
                )
                return nil
            } else if count == 0 {
                wait = -1
                Console.error.line(
                    bytes.isEmpty
                        ? "toolhost: waiting for standard input" : "toolhost: waiting for the end of standard input"
                )
            }
        }
    }

    /// Reads the bytes that are available.
    ///
    /// - Returns: False at the end.
    private static func add(
        to bytes: inout [UInt8],
        from descriptor: Int32,
        _ path: String,
        _ limit: Int
    ) throws(CommandError) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        // Another process that shares the descriptor may have made it non-blocking.
        if count < 0, errno == EINTR || errno == EAGAIN { return true }
        if count < 0 { throw failure(path) }
        bytes += buffer[..<max(0, count)]
        if bytes.count > limit {
            throw CommandError(.invalidArguments, "\(name(path)) is longer than \(limit) bytes.")
        }
        return count > 0
    }

    private static func text(_ bytes: [UInt8]) throws(CommandError) -> String {
        let advice: TerminalLine = "Give text, or a picture with --image."
        if let place = bytes.firstIndex(of: 0) {
            throw CommandError(
                .invalidArguments,
                "Standard input is not text: byte \(place + 1) is zero. \(advice)"
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(.invalidArguments, "Standard input is not valid UTF-8. \(advice)")
        }
        return text
    }

    private static func failure(_ path: String) -> CommandError {
        CommandError(.inputOutput, "\(name(path)) cannot be read: \(Errno(rawValue: errno).description).")
    }

    private static func name(_ path: String) -> TerminalLine {
        path == "-" ? "Standard input" : TerminalLine(path.visible, limit: 300)
    }
}
