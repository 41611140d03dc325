import Glibc

/// The file with the history of the prompt: one entry a line, newest last.
///
/// It is private to the user, several processes may add to it at once, and each line is checked when it is read. Every
/// failure means that entries are missing, never more.
struct HistoryFile: Sendable {
    let path: String

    /// The maximum size of the file in bytes, after which its older part is removed.
    static let maximumBytes = 4 << 20
    /// The maximum number of entries that are read.
    static let maximumEntries = 10_000
    /// The maximum size of an entry in bytes; a larger one is not stored.
    static let maximumEntryBytes = 256 << 10

    /// Reads the entries, oldest first, without damaged lines.
    func read() -> [LineText] {
        guard let file = open(O_RDONLY) else { return [] }
        defer { close(file) }
        return Self.entries(Self.end(of: file))
    }

    /// Adds an entry.
    ///
    /// - Returns: False if the file cannot be written.
    @discardableResult
    func append(_ entry: LineText) -> Bool {
        let record = entry.record + [0x0A]
        guard record.count <= Self.maximumEntryBytes, let file = openLocked() else { return false }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return false }
        if Int(status.st_size) + record.count > Self.maximumBytes { return replace(file, adding: record) }
        // The last writer may have failed in the middle of a line.
        var last: UInt8 = 0x0A
        if status.st_size > 0 { _ = pread(file, &last, 1, status.st_size - 1) }
        return Self.write((last == 0x0A ? [] : [0x0A]) + record, to: file)
    }

    // MARK: - Content

    private static func entries(_ bytes: [UInt8]) -> [LineText] {
        var entries: [LineText] = []
        for line in bytes.split(separator: 0x0A).suffix(maximumEntries) where line.count <= maximumEntryBytes {
            if let entry = LineText(record: line), !entry.isEmpty { entries.append(entry) }
        }
        return entries
    }

    /// Reads the end of a file, from the start of a line.
    private static func end(of file: Int32, maximum: Int = maximumBytes) -> [UInt8] {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_size > 0 else { return [] }
        let start = max(0, Int(status.st_size) - maximum)
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) - start)
        var count = 0
        while count < bytes.count {
            let offset = off_t(start + count)
            let more = bytes.withUnsafeMutableBytes { bytes in
                pread(file, bytes.baseAddress.map { $0 + count }, bytes.count - count, offset)
            }
            if more < 0, errno == EINTR { continue }
            guard more > 0 else { break }
            count += more
        }
        bytes.removeLast(bytes.count - count)
        guard start > 0 else { return bytes }
        return bytes.firstIndex(of: 0x0A).map { Array(bytes[($0 + 1)...]) } ?? []
    }

    /// Replaces the file by one with the newer half of its lines and a further one.
    private func replace(_ file: Int32, adding record: [UInt8]) -> Bool {
        let temporary = "\(path).\(getpid())"
        _ = unlink(temporary)
        let new = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard new >= 0 else { return false }
        defer { close(new) }
        let kept = Self.end(of: file, maximum: Self.maximumBytes / 2)
        guard Self.write(kept + record, to: new), rename(temporary, path) == 0 else {
            _ = unlink(temporary)
            return false
        }
        return true
    }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + start }, $0.count - start) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }

    // MARK: - Opening

    /// Opens the file for the only writer, and makes it if it is absent.
    private func openLocked() -> Int32? {
        makeDirectories()
        for attempt in 0..<100 {
            guard let file = open(O_RDWR | O_APPEND | O_CREAT) else { return nil }
            // A process that is stopped may hold the lock, so this one does not wait for long. Appending one line is safe
            // without the lock, unless the other process replaces the file meanwhile.
            if flock(file, LOCK_EX | LOCK_NB) == 0 || attempt == 99 {
                var (opened, named) = (stat(), stat())
                if fstat(file, &opened) == 0, lstat(path, &named) == 0, opened.st_ino == named.st_ino { return file }
            } else {
                usleep(2000)
            }
            // Another process has replaced the file, or has it locked.
            close(file)
        }
        return nil
    }

    /// Opens the file if it is a regular file of the user, and closes it to all others.
    private func open(_ flags: Int32) -> Int32? {
        // Without O_NONBLOCK, a pipe with this name would block the program.
        let file = Glibc.open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard file >= 0 else { return nil }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            status.st_mode & 0o077 == 0 || fchmod(file, 0o600) == 0
        else {
            close(file)
            return nil
        }
        return file
    }

    private func makeDirectories() {
        for index in path.utf8.indices.dropFirst() where path.utf8[index] == UInt8(ascii: "/") {
            _ = mkdir(String(path[..<index]), 0o700)
        }
    }
}
