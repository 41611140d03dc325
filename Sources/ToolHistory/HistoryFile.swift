import Glibc
import ToolRuntime

/// The file of a history, which only its owner can read and write.
struct HistoryFile {
    /// The real path of the file, without symbolic links.
    let path: String

    /// Creates the file and the directories above it unless they exist.
    ///
    /// - Throws: ``HistoryError`` if the file cannot be created, is not a regular file, or other users could write or
    ///   replace it.
    init(path: String) throws(HistoryError) {
        var failure: Int32?
        for slash in path.utf8.indices.dropFirst() where path.utf8[slash] == UInt8(ascii: "/") {
            if mkdir(String(path[..<slash]), 0o700) != 0, errno != EEXIST, failure == nil { failure = errno }
        }
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw Self.error(path, "has a path that is not absolute.")
        }
        self.path = try Self.realDirectory(String(path[..<slash]), of: path, failure ?? ENOENT) + path[slash...]
        try secure()
    }

    /// Finds the real path of a directory that no other user can change.
    ///
    /// - Parameter failure: The reason why it is missing.
    private static func realDirectory(
        _ directory: String,
        of path: String,
        _ failure: Int32
    ) throws(HistoryError) -> String {
        var scan = FileScan()
        switch scan.locate(directory) {
        case .found(let real, let status):
            guard let writer = status.foreignWriter(at: real) else { return real }
            let error = PathError.directory(real, writer: writer, remedy: status.remedy(real))
            throw HistoryError(.insecureFile, "The history \(path) cannot be used. \(error.message)")
        case .missing:
            throw error(path, "cannot be created, because \(directory) cannot: \(errorText(failure)).")
        case .fault(let error):
            let code: HistoryError.Code = error.isDistrust ? .insecureFile : .inaccessibleFile
            throw HistoryError(code, "The history \(path) cannot be used. \(error.message)")
        }
    }

    /// Creates the file if it is absent, and removes the access of other users.
    ///
    /// SQLite gives the mode of this file to its other files. An existing file must not be opened here: closing it would
    /// release the locks of other connections of this process. No other user can replace it, so its path is safe.
    private func secure() throws(HistoryError) {
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if file >= 0 {
            close(file)
        } else if errno != EEXIST {
            throw Self.error(path, "cannot be created: \(errorText(errno)).")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { throw Self.error(path, "cannot be read: \(errorText(errno)).") }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFLNK:
            // SQLite names its other files after this one. With two names, processes would not see each other's files.
            throw Self.error(path, "is a symbolic link. Remove the link, or replace it with the file itself.")
        default: throw Self.error(path, "is not a regular file.")
        }
        if let writer = status.foreignWriter(at: path) {
            throw HistoryError(
                .insecureFile,
                "The history \(path) could be written by others (\(writer)), so it is not used.",
                remedy: .run(command: status.remedy(path))
            )
        }
        if status.st_uid == geteuid(), status.st_mode & 0o077 != 0 { chmod(path, 0o600) }
        // SQLite would wait for the other end of a pipe.
        for name in ["-journal", "-wal", "-shm"].map({ path + $0 }) where lstat(name, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { throw Self.error(name, "is not a regular file.") }
        }
    }

    private static func error(_ path: String, _ reason: String) -> HistoryError {
        HistoryError(.inaccessibleFile, "The history \(path) \(reason)")
    }
}
