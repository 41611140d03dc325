import Glibc
import ToolRuntime

/// Why a file of the user's cannot be used: the words after its name.
struct StorageFault: Error, Sendable {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

/// Files that belong to the user, and that nobody else may write.
enum PrivateFile {
    /// Reads a whole file.
    ///
    /// - Returns: `nil` where there is none.
    /// - Throws: ``StorageFault`` where it cannot be read, others may write it, or it is longer than the limit in bytes.
    static func read(_ path: String, limit: Int) throws(StorageFault) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if file < 0, errno == ENOENT { return nil }
        guard file >= 0 else { throw StorageFault("cannot be opened: \(errorText(errno)).") }
        defer { close(file) }
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
        var buffer = [UInt8](repeating: 0, count: min(max(Int(status.st_size), 0), limit) + 1)
        while bytes.count <= limit {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StorageFault("cannot be read: \(errorText(errno)).") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
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
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw StorageFault("cannot be locked: \(errorText(errno)).") }
        }
        return try body()
    }

    private static func makeFolders(above path: String) {
        var index = path.startIndex
        while let slash = path[index...].dropFirst().firstIndex(of: "/") {
            // Where it fails, what follows fails with the reason.
            mkdir(String(path[..<slash]), 0o700)
            index = slash
        }
    }
}
