import Glibc
import ToolRuntime

/// Why a file of the user's cannot be used: the words after its name.
struct StorageFault: Error, Sendable {
    let sentence: String
    /// True if a later version of this program wrote it.
    let isNewer: Bool

    init(_ sentence: String, isNewer: Bool = false) { (self.sentence, self.isNewer) = (sentence, isNewer) }
}

/// Files that belong to the user, and that nobody else may write.
enum PrivateFile {
    /// The time to wait for another process that changes the same file, which takes it next to none.
    private static let lockTime = Duration.seconds(2)
    /// In microseconds.
    private static let lockPause: useconds_t = 10_000

    /// Reads a whole file.
    ///
    /// - Returns: `nil` where there is none.
    /// - Throws: ``StorageFault`` where it cannot be read, others may write it or take it away, or it is longer than the
    ///   limit in bytes.
    static func read(_ path: String, limit: Int) throws(StorageFault) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        let failure = file < 0 ? errno : 0
        defer { if file >= 0 { close(file) } }
        try checkFolders(above: path)
        if failure == ENOENT {
            guard !isLink(path) else { throw StorageFault("is a symbolic link to nothing.") }
            return nil
        }
        guard failure == 0 else { throw StorageFault("cannot be opened: \(errorText(failure)).") }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StorageFault("is not a regular file.")
        }
        if let stranger = status.stranger(at: path) {
            throw StorageFault(
                "could be written by others (\(stranger)), so it is not read. Make it yours alone: \(status.remedy(path))."
            )
        }
        var bytes: [UInt8] = []
        // One more than it has: a file that grows shows itself.
        var room = min(max(Int(status.st_size), 0), limit) + 1
        while bytes.count <= limit {
            var failure: Int32 = 0
            let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                let result = Glibc.read(file, buffer.baseAddress, buffer.count)
                failure = result < 0 ? errno : 0
                count = max(result, 0)
            }
            if failure == EINTR { continue }
            guard failure == 0 else { throw StorageFault("cannot be read: \(errorText(failure)).") }
            if piece.isEmpty { return bytes }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            room = min(room, 64 << 10)
        }
        throw StorageFault("is larger than \(limit) bytes.")
    }

    /// Puts a file in place of what was there, whole or not at all, and makes the folders above it.
    static func write(_ bytes: [UInt8], to path: String) throws(StorageFault) {
        makeFolders(above: path)
        let draft = path + ".\(getpid()).new"
        // From a process of this number that was cut off.
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw StorageFault("cannot be written: \(errorText(errno)).") }
        var start = 0
        var failure: Int32 = 0
        while start < bytes.count, failure == 0 {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count >= 0 { start += count } else if errno != EINTR { failure = errno }
        }
        if close(file) != 0, failure == 0 { failure = errno }
        if failure == 0, rename(draft, path) != 0 { failure = errno }
        guard failure == 0 else {
            unlink(draft)
            throw StorageFault("cannot be written: \(errorText(failure)).")
        }
    }

    /// Runs a body that reads and writes a file, while no other process does the same.
    static func exclusively<Result>(
        _ path: String,
        _ body: () throws(StorageFault) -> Result
    ) throws(StorageFault) -> Result {
        makeFolders(above: path)
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw StorageFault("cannot be locked: \(errorText(errno)).") }
        defer { close(lock) }
        // Whoever may read the lock may hold it, for as long as they like.
        let end = MonotonicInstant.now + lockTime
        while flock(lock, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw StorageFault("cannot be locked: \(errorText(errno)).")
            }
            guard MonotonicInstant.now < end else {
                throw StorageFault("cannot be locked: another process has held \(path).lock for too long.")
            }
            usleep(lockPause)
        }
        return try body()
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Checks that nobody else may put another file in the file's place, or take it away: what it forbids would be allowed.
    private static func checkFolders(above path: String) throws(StorageFault) {
        try checkEachFolder(above: path)
        var folder = path.folderPart ?? "."
        while !folder.isEmpty {
            if let real = realpath(folder, nil) {
                defer { free(real) }
                return try checkEachFolder(above: String(cString: real) + "/")
            }
            folder = folder.folderPart ?? ""
        }
    }

    private static func checkEachFolder(above path: String) throws(StorageFault) {
        var folder = path
        while let above = folder.folderPart {
            folder = above
            let text = folder.isEmpty ? "/" : folder
            var status = stat()
            guard stat(text, &status) == 0 else {
                // What is not there is made when something is written.
                if isLink(text) { throw StorageFault("cannot be reached: \(text) is a symbolic link to nothing.") }
                continue
            }
            if !status.isRootsAndSticky, let stranger = status.stranger(at: text) {
                throw StorageFault(
                    "could be replaced by others (\(stranger), in \(text)), so it is not read. Make that folder yours "
                        + "alone: \(status.remedy(text))."
                )
            }
        }
    }

    private static func makeFolders(above path: String) {
        for slash in path.utf8.indices.dropFirst() where path.utf8[slash] == UInt8(ascii: "/") {
            // Where it fails, what follows fails with the reason.
            mkdir(String(path[..<slash]), 0o700)
        }
    }
}
