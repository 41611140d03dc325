import CSQLite
import Glibc
import ToolRuntime

/// A connection to the database of a history, with its prepared statements.
///
/// Only one thread at a time uses it.
struct Database: ~Copyable {
    /// A value of a parameter.
    enum Value {
        case int(Int)
        case text(String)
        case null
    }

    /// The real path of the file.
    let path: String
    /// True if there is an index of words.
    var hasIndex = false
    private let connection: OpaquePointer
    private var statements: [SQL: OpaquePointer] = [:]

    /// The maximum length of a value and of a row, in bytes: a message of the maximum size, with its images.
    private static let longestValue: Int32 = 64 << 20
    /// The time to wait for another process, in milliseconds: a transaction takes a few.
    private static let busyTime: Int32 = 2000

    /// The time in seconds that SQLite may read at once: much more than a search in 1 GiB takes.
    private static let longestTime: Int32 = 20

    /// Opens a file that exists.
    init(path: String, longestTime: Int32 = Self.longestTime) throws(HistoryError) {
        guard libsqlite_open() == LIBSQLITE_READY else {
            throw HistoryError(
                .libraryUnavailable,
                "The history needs the system's SQLite, which cannot be used "
                    + "(\(String(cString: libsqlite_open_error()))).",
                remedy: .install(package: "libsqlite3-0")
            )
        }
        var connection: OpaquePointer?
        let result = libsqlite_connect(path, Self.longestValue, Self.busyTime, longestTime, &connection)
        guard result == Int32(LIBSQLITE_OK), let connection else {
            let error = HistoryError(sqlite: result, path: path, connection: connection)
            libsqlite_close(connection)
            throw error
        }
        self.path = path
        self.connection = connection
    }

    deinit {
        for statement in statements.values { libsqlite_finalize(statement) }
        libsqlite_close(connection)
    }

    /// Runs statements that have no parameters and no results.
    func execute(_ sql: String) throws(HistoryError) {
        try check(libsqlite_exec(connection, sql))
    }

    /// Runs a statement.
    ///
    /// - Parameters:
    ///   - values: The values of the parameters in order.
    ///   - row: Reads a row. It returns false to ignore the remaining rows.
    mutating func run(
        _ sql: SQL,
        _ values: [Value] = [],
        row: (Row) throws(HistoryError) -> Bool = { (_) throws(HistoryError) in true }
    ) throws(HistoryError) {
        let statement = try prepared(sql)
        defer { libsqlite_reset(statement) }
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1), of: statement) }
        while true {
            let result = libsqlite_step(statement)
            if result == Int32(LIBSQLITE_DONE) { return }
            guard result == Int32(LIBSQLITE_ROW) else { throw error(result) }
            if try !row(Row(statement: statement, path: path)) { return }
        }
    }

    /// Runs a statement whose first row has a number; 0 without a row.
    mutating func number(_ sql: SQL, _ values: [Value] = []) throws(HistoryError) -> Int {
        var number = 0
        try run(sql, values) { row throws(HistoryError) in
            number = try row.int(0)
            return false
        }
        return number
    }

    /// The number of the row that was added last.
    var lastRow: Int { Int(libsqlite_last_insert_rowid(connection)) }

    /// The number of rows that the last statement changed.
    var changeCount: Int { Int(libsqlite_changes(connection)) }

    /// The number of rows that all statements so far have changed.
    var totalChangeCount: Int { Int(libsqlite_total_changes(connection)) }

    /// Runs a body that writes, all of it or nothing.
    mutating func transaction<Result>(
        _ body: (inout Database) throws(HistoryError) -> Result
    ) throws(HistoryError) -> Result {
        try run(.begin)
        do throws(HistoryError) {
            let result = try body(&self)
            try run(.commit)
            return result
        } catch {
            // Some errors, such as a full disk, have ended the transaction already.
            if !libsqlite_get_autocommit(connection) { try? run(.rollback) }
            throw error
        }
    }

    private mutating func prepared(_ sql: SQL) throws(HistoryError) -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        var statement: OpaquePointer?
        try check(libsqlite_prepare(connection, sql.rawValue, &statement))
        guard let statement else { throw error(Int32(LIBSQLITE_ERROR)) }
        statements[sql] = statement
        return statement
    }

    private func bind(_ value: Value, at index: Int32, of statement: OpaquePointer) throws(HistoryError) {
        switch value {
        case .null: break
        case .int(let number): try check(libsqlite_bind_int64(statement, index, Int64(number)))
        case .text(var text):
            let result = text.withUTF8 { bytes in
                guard let count = Int32(exactly: bytes.count) else { return Int32(LIBSQLITE_TOOBIG) }
                // An empty string may have no address, which would mean NULL.
                guard let start = bytes.baseAddress, count > 0 else {
                    return libsqlite_bind_text(statement, index, "", 0)
                }
                return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    libsqlite_bind_text(statement, index, $0, count)
                }
            }
            try check(result)
        }
    }

    private func check(_ result: Int32) throws(HistoryError) {
        guard result == Int32(LIBSQLITE_OK) else { throw error(result) }
    }

    private func error(_ result: Int32) -> HistoryError {
        HistoryError(sqlite: result, path: path, connection: connection)
    }
}
