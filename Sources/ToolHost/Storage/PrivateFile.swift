import Glibc
import ToolJSON
import ToolRuntime

/// The reason why a file of the user's cannot be used.
struct UserFileError: Error, Sendable {
    /// The words that follow the file's name.
    let sentence: String
    /// True if a later version of this program wrote it.
    let isNewer: Bool

    init(_ sentence: String, isNewer: Bool = false) { (self.sentence, self.isNewer) = (sentence, isNewer) }
}

/// Files that belong to the user, and that nobody else may write.
///
/// A file is absent if nothing has its name, or a directory above it does not exist. A symbolic link that leads to nothing
/// is an error, wherever it stands on the path: what the file forbids would be allowed without a word.
enum PrivateFile {
    /// The time to wait for another process that changes the same file, which takes it next to none.
    private static let lockTime = Duration.seconds(2)
    /// In microseconds.
    private static let lockPause: useconds_t = 10_000

    /// Reads a whole file.
    ///
    /// - Returns: `nil` if the file is absent.
    /// - Throws: ``UserFileError`` if it cannot be read, others may change or redirect it, or it is longer than the limit in
    ///   bytes.
    static func read(_ path: String, limit: Int) throws(UserFileError) -> [UInt8]? {
        guard let real = try locate(path) else { return nil }
        // Nobody else can have put a link there since the path was followed.
        let file = open(real, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard file >= 0 else { throw UserFileError("cannot be opened: \(errorText(errno)).") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw UserFileError("is not a regular file.")
        }
        if let writer = status.foreignWriter(at: real) {
            throw UserFileError(
                "could be written by others (\(writer)), so it is not read. Make it yours alone: \(status.remedy(real))."
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
            guard failure == 0 else { throw UserFileError("cannot be read: \(errorText(failure)).") }
            if piece.isEmpty { return bytes }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            room = min(room, 64 << 10)
        }
        throw UserFileError("is larger than \(limit) bytes.")
    }

    /// Replaces a file as a whole or not at all, and makes the directories above it.
    static func write(_ bytes: [UInt8], to path: String) throws(UserFileError) {
        try makeDirectories(above: path)
        let draft = path + ".\(getpid()).new"
        // From a process of this number that was cut off.
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw UserFileError("cannot be written: \(errorText(errno)).") }
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
            throw UserFileError("cannot be written: \(errorText(failure)).")
        }
    }

    /// Runs a body that reads and writes a file, while no other process does the same.
    static func exclusively<Result>(
        _ path: String,
        _ body: () throws(UserFileError) -> Result
    ) throws(UserFileError) -> Result {
        try makeDirectories(above: path)
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw UserFileError("cannot be locked: \(errorText(errno)).") }
        defer { close(lock) }
        // Whoever may read the lock may hold it, for as long as they like.
        let end = MonotonicInstant.now + lockTime
        while flock(lock, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw UserFileError("cannot be locked: \(errorText(errno)).")
            }
            guard MonotonicInstant.now < end else {
                throw UserFileError("cannot be locked: another process has held \(path).lock for too long.")
            }
            usleep(lockPause)
        }
        return try body()
    }

    /// The real path of a file, or nil if the file is absent.
    ///
    /// - Throws: ``UserFileError`` if others could put another file there or take it away, or a link leads to nothing.
    private static func locate(_ path: String) throws(UserFileError) -> String? {
        var scan = FileScan()
        switch scan.locate(path) {
        case .found(let real, _): return real
        case .missing(nil): return nil
        case .missing(let link?):
            // Links of /proc, such as /dev/fd/3, open what has no path.
            var status = stat()
            guard stat(path, &status) != 0 else { throw UserFileError("is not a regular file.") }
            let subject = link.hasSameBytes(as: path) ? "is" : "cannot be reached: \(link) is"
            throw UserFileError(
                "\(subject) a symbolic link to nothing. Create what it leads to, or remove the link."
            )
        case .fault(.directory(let directory, let writer, let remedy)):
            throw UserFileError(
                "could be replaced by others (\(writer), in \(directory)), so it is not used. Make that directory yours "
                    + "alone: \(remedy)."
            )
        case .fault(.link(let link, let owner)):
            throw UserFileError(
                "could be replaced by others: \(link) on the way is a symbolic link of another user (uid \(owner)), so it "
                    + "is not followed. Remove that link."
            )
        case .fault(.notUTF8):
            throw UserFileError("cannot be reached: a symbolic link on the way has a target that is not UTF-8.")
        case .fault(.error(ELOOP)):
            throw UserFileError(
                "cannot be reached: there are too many symbolic links on the way, or links in a circle. Correct the links."
            )
        case .fault(.error(let number)): throw UserFileError("cannot be opened: \(errorText(number)).")
        }
    }

    private static func makeDirectories(above path: String) throws(UserFileError) {
        _ = try locate(path)
        for slash in path.utf8.indices.dropFirst() where path.utf8[slash] == UInt8(ascii: "/") {
            // Where it fails, what follows fails with the reason.
            mkdir(String(path[..<slash]), 0o700)
        }
    }
}
