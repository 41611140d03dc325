import Glibc

/// Reads a whole file or standard input, up to a limit.
enum InputFile {
    static let maximumBytes = 64 << 20

    /// - Parameter path: A path, or `-` for standard input.
    static func read(_ path: String, limit: Int = maximumBytes) throws(CommandFailure) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw failure(path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            if bytes.count > limit {
                throw CommandFailure(.invalidArguments, "\(name(path)) is longer than \(limit) bytes.")
            }
        }
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(.inputOutput, "\(name(path)) cannot be read: \(String(cString: strerror(errno))).")
    }

    private static func name(_ path: String) -> TerminalLine {
        path == "-" ? "Standard input" : TerminalLine(path, limit: 300)
    }
}
