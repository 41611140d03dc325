import Glibc

/// A file that only the user can read, and that is written piece by piece.
///
/// A new file has the mode 0600. An existing file is replaced only if it is a regular file of the user with the expected
/// beginning, so a mistyped path destroys no other file. Symbolic links are not followed at the end of the path.
///
/// Each piece is written at once: a killed process loses no earlier piece.
package final class PrivateOutputFile: Sendable {
    private let descriptor: Int32

    /// Creates a file, or empties an existing one.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - beginning: The text with which an existing file begins, unless it is empty.
    ///   - kind: The kind of file in messages, such as "recording".
    /// - Throws: ``OutputFileError`` if the file cannot be opened or must not be replaced.
    package convenience init(path: String, replacing beginning: String, kind: String) throws(OutputFileError) {
        let flags = O_NOFOLLOW | O_CLOEXEC | O_NOCTTY
        let created = open(path, O_WRONLY | O_CREAT | O_EXCL | flags, 0o600)
        if created >= 0 {
            _ = flock(created, LOCK_EX | LOCK_NB)
            self.init(descriptor: created)
            return
        }
        guard errno == EEXIST else { throw Self.failure("cannot be created") }
        // A pipe without a reader must not block.
        let existing = open(path, O_RDWR | O_NONBLOCK | flags)
        guard existing >= 0 else {
            throw errno == ELOOP ? OutputFileError("is a symbolic link") : Self.failure("cannot be opened")
        }
        self.init(descriptor: existing)
        try empty(Array(beginning.utf8), kind)
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    private func empty(_ beginning: [UInt8], _ kind: String) throws(OutputFileError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure("cannot be opened") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw OutputFileError("is not a regular file") }
        guard status.st_uid == geteuid() else { throw OutputFileError("belongs to another user") }
        // Two processes would overwrite each other's lines.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw OutputFileError("cannot be locked: another process is writing it")
        }
        var bytes = [UInt8](repeating: 0, count: beginning.count)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard status.st_size == 0 || count == bytes.count && bytes == beginning else {
            throw OutputFileError("exists already and is no \(kind). Choose another name, or remove the file")
        }
        guard fchmod(descriptor, 0o600) == 0, ftruncate(descriptor, 0) == 0 else {
            throw Self.failure("cannot be replaced")
        }
    }

    /// Appends bytes.
    ///
    /// - Throws: ``OutputFileError`` if the file cannot be written; it may have a part of the bytes then.
    package func write(_ bytes: [UInt8]) throws(OutputFileError) {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("cannot be written") }
            start += count
        }
    }

    /// Replaces a regular file of the user as a whole, or not at all.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(OutputFileError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw failure("cannot be replaced") }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
            throw OutputFileError("is not a regular file of the user, so it is not replaced")
        }
        let draft = "\(path).\(getpid()).new"
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("cannot be replaced") }
        do throws(OutputFileError) {
            try PrivateOutputFile(descriptor: file).write(bytes)
            guard rename(draft, path) == 0 else { throw failure("cannot be replaced") }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private static func failure(_ action: String) -> OutputFileError {
        OutputFileError("\(action): \(String(cString: strerror(errno)))")
    }
}
