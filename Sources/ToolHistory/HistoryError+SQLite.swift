import CSQLite
import ToolRuntime

extension HistoryError {
    /// Creates the error for a result code of SQLite.
    ///
    /// - Parameter connection: The connection, which has the details, if there is one.
    init(sqlite result: Int32, path: String, connection: OpaquePointer?) {
        let number = connection.map { libsqlite_system_errno($0) } ?? 0
        let detail = number > 0 ? errorText(number) : connection.map { String(cString: libsqlite_errmsg($0)) } ?? ""
        // The other bytes of a code have details.
        switch Int(result & 0xFF) {
        case Int(LIBSQLITE_BUSY), Int(LIBSQLITE_LOCKED):
            self.init(.locked, "The history \(path) cannot be used now: another process has locked it for too long.")
        case Int(LIBSQLITE_READONLY), Int(LIBSQLITE_PERM):
            self.init(
                .inaccessibleFile,
                "The history \(path) cannot be written: the file or its directory is read-only."
            )
        case Int(LIBSQLITE_CORRUPT), Int(LIBSQLITE_NOTADB), Int(LIBSQLITE_INTERRUPT): self = .damaged(path)
        // No statement is invalid for the tables of a history.
        case Int(LIBSQLITE_ERROR): self = .damaged(path, detail)
        case Int(LIBSQLITE_FULL):
            self.init(
                .full,
                "The history \(path) cannot be written: the disk is full, or the history has its maximum size."
            )
        case Int(LIBSQLITE_TOOBIG):
            self.init(.full, "A message is too large for the history \(path).")
        case Int(LIBSQLITE_IOERR):
            self.init(.inaccessibleFile, "The history \(path) cannot be read or written: \(detail).")
        case Int(LIBSQLITE_CANTOPEN):
            self.init(.inaccessibleFile, "The history \(path) cannot be opened: \(detail).")
        default:
            self.init(.inaccessibleFile, "The history \(path) cannot be used: \(detail) (SQLite error \(result)).")
        }
    }

    /// Returns the error for a file whose content is not valid.
    ///
    /// - Parameter detail: The reason, which may have names of the file.
    static func damaged(_ path: String, _ detail: String = "") -> HistoryError {
        HistoryError(
            .damagedFile,
            "The history \(path) is damaged, or is no history of toolhost\(detail.isEmpty ? "" : " (\(detail))").",
            remedy: .moveAway(path: path)
        )
    }
}
