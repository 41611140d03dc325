import Glibc

/// A file that a command writes atomically.
struct OutputFile {
    /// The directory of the file, with symbolic links resolved.
    let directory: String
    private let path: String
    private let replaces: Bool

    /// - Parameter replaces: True if an existing file may be replaced.
    init(_ path: String, replaces: Bool) throws(CommandError) {
        (self.path, self.replaces) = (path, replaces)
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard let real = realpath(parent, nil) else { throw Self.failure(path) }
        defer { free(real) }
        directory = String(cString: real)
        if !replaces, access(path, F_OK) == 0 {
            throw CommandError(
                .usage,
                "\(path, limit: 400) exists already, and may hold your work; --force replaces it."
            )
        }
    }

    func write(_ bytes: [UInt8]) throws(CommandError) {
        let temporary = "\(path).\(getpid()).new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Self.failure(path) }
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { Glibc.write(file, $0 + start, bytes.count - start) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            start += count
        }
        let isWritten = start == bytes.count && close(file) == 0
        // Unless it may be replaced, a file that has appeared meanwhile stays.
        let isPlaced = isWritten && (replaces ? rename(temporary, path) : link(temporary, path)) == 0
        let failure = isPlaced ? nil : Self.failure(path)
        unlink(temporary)
        if let failure { throw failure }
    }

    private static func failure(_ path: String) -> CommandError {
        CommandError(
            .inputOutput,
            "\(path, limit: 400) cannot be written: \(String(cString: strerror(errno)))."
        )
    }
}
