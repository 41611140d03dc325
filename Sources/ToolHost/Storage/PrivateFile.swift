import Glibc
import SystemPackage
import ToolJSON
import ToolRuntime

/// The reads and writes of files that belong to the user and that no other user may write.
enum PrivateFile {
    /// The maximum time to wait for another process that changes the same file; a change takes almost none.
    private static let lockTime = Duration.seconds(2)
    /// The pause between two attempts to lock a file, in microseconds.
    private static let lockPause: useconds_t = 10_000

    /// True if a file system object has the path, even a symbolic link to nothing.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Returns the path of the file that a symbolic link leads to, or the path itself without one.
    static func target(of path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// Reads a whole file.
    ///
    /// - Returns: Nil if the file is absent.
    /// - Throws: ``UserFileError`` if it cannot be read, other users may change or redirect it, or it is longer than
    ///   the limit in bytes.
    static func read(_ path: String, limit: Int) throws(UserFileError) -> [UInt8]? {
        guard let real = try locate(path) else { return nil }
        // No other user can have put a link there since the path was followed.
        let file = try attempt("opened") {
            try FileDescriptor.open(real, .readOnly, options: [.closeOnExec, .nonBlocking, .noFollow])
        }
        defer { try? file.close() }
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw notRegular }
        if let writer = status.foreignWriter(at: real) {
            throw UserFileError(
                .insecureFile,
                "could be written by others (\(writer)), so it is not read. Make it yours alone: \(status.remedy(real))."
            )
        }
        var bytes: [UInt8] = []
        // One byte more than the file's size: a file that grows is detected.
        var room = min(max(Int(status.st_size), 0), limit) + 1
        while bytes.count <= limit {
            let piece = try attempt("read") {
                try [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                    count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
            }
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
        // A process of this number that was killed may have left one.
        unlink(draft)
        try attempt("written") {
            let file = try FileDescriptor.open(
                draft,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
                permissions: .ownerReadWrite
            )
            do {
                try file.closeAfter { _ = try file.writeAll(bytes) }
                guard rename(draft, path) == 0 else { throw Errno(rawValue: errno) }
            } catch {
                unlink(draft)
                throw error
            }
        }
    }

    /// Runs a body that reads and writes a file, while no other process does the same.
    static func exclusively<Result>(
        _ path: String,
        _ body: () throws(UserFileError) -> Result
    ) throws(UserFileError) -> Result {
        try makeDirectories(above: path)
        let lock = try attempt("locked") {
            try FileDescriptor.open(
                path + ".lock",
                .readWrite,
                options: [.create, .closeOnExec, .noFollow],
                permissions: .ownerReadWrite
            )
        }
        defer { try? lock.close() }
        // Any process that may read the lock may hold it for as long as it likes, so the wait is bounded.
        let end = MonotonicInstant.now + lockTime
        while flock(lock.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let error = Errno(rawValue: errno)
            guard error == .wouldBlock || error == .interrupted else { throw failure("locked", error) }
            guard MonotonicInstant.now < end else {
                throw UserFileError(
                    .inaccessibleFile,
                    "cannot be locked: another process has held \(path).lock for too long."
                )
            }
            // flock has no deadline: a blocking call could wait for a stuck process forever.
            usleep(lockPause)
        }
        return try body()
    }

    /// Runs system calls, and names the action in the error.
    private static func attempt<Result>(
        _ action: String,
        _ body: () throws -> Result
    ) throws(UserFileError) -> Result {
        do {
            return try body()
        } catch {
            throw failure(action, error)
        }
    }

    private static func failure(_ action: String, _ error: any Error) -> UserFileError {
        UserFileError(.inaccessibleFile, "cannot be \(action): \(error).", underlyingError: error)
    }

    private static let notRegular = UserFileError(.inaccessibleFile, "is not a regular file.")

    /// Finds the real path of a file.
    ///
    /// - Returns: Nil if the file is absent.
    /// - Throws: ``UserFileError`` if other users could replace or remove the file, or a link leads to nothing.
    private static func locate(_ path: String) throws(UserFileError) -> String? {
        var scan = FileScan()
        switch scan.locate(path) {
        case .found(let real, _): return real
        case .missing(nil): return nil
        case .missing(let link?):
            // Links of /proc, such as /dev/fd/3, open objects that have no path.
            var status = stat()
            guard stat(path, &status) != 0 else { throw notRegular }
            let subject = link.hasSameBytes(as: path) ? "is" : "cannot be reached: \(link) is"
            throw UserFileError(
                .inaccessibleFile,
                "\(subject) a symbolic link to nothing. Create its target, or remove the link."
            )
        case .fault(.directory(let directory, let writer, let remedy)):
            throw UserFileError(
                .insecureFile,
                "could be replaced by others (\(writer), in \(directory)), so it is not used. Make that directory yours "
                    + "alone: \(remedy)."
            )
        case .fault(.link(let link, let owner)):
            throw UserFileError(
                .insecureFile,
                "could be replaced by others: \(link) on the way is a symbolic link of another user (uid \(owner)), so it "
                    + "is not followed. Remove that link."
            )
        case .fault(.notUTF8):
            throw UserFileError(
                .inaccessibleFile,
                "cannot be reached: a symbolic link on the way has a target that is not UTF-8."
            )
        case .fault(.error(ELOOP)):
            throw UserFileError(
                .inaccessibleFile,
                "cannot be reached: there are too many symbolic links on the way, or links in a circle. Correct the links."
            )
        case .fault(.error(let number)):
            let error = Errno(rawValue: number)
            throw UserFileError(.inaccessibleFile, "cannot be opened: \(error).", underlyingError: error)
        }
    }

    private static func makeDirectories(above path: String) throws(UserFileError) {
        _ = try locate(path)
        for slash in path.utf8.indices.dropFirst() where path.utf8[slash] == UInt8(ascii: "/") {
            // If it fails, the steps that follow fail with the reason.
            mkdir(String(path[..<slash]), 0o700)
        }
    }
}
