import CSQLite

/// A row of a result, valid only while it is read.
///
/// The file is untrusted: a value may have another type than the one that was written.
struct Row {
    let statement: OpaquePointer
    let path: String

    /// Returns a number.
    func int(_ column: Int32) throws(HistoryError) -> Int {
        guard libsqlite_column_type(statement, column) == Int32(LIBSQLITE_INTEGER) else { throw .damaged(path) }
        return Int(libsqlite_column_int64(statement, column))
    }

    /// Returns a text, in which bytes that are not UTF-8 are replaced.
    ///
    /// - Parameter limit: The maximum number of bytes; the rest of a longer text is dropped.
    func text(_ column: Int32, limit: Int = .max) throws(HistoryError) -> String {
        guard let text = try optionalText(column, limit: limit) else { throw .damaged(path) }
        return text
    }

    /// Returns a text, or nil for NULL.
    func optionalText(_ column: Int32, limit: Int = .max) throws(HistoryError) -> String? {
        if libsqlite_column_type(statement, column) == Int32(LIBSQLITE_NULL) { return nil }
        return try bytes(column) { String(decoding: $0.prefix(limit), as: UTF8.self) }
    }

    /// Calls a function with the bytes of a text.
    func bytes<Result>(
        _ column: Int32,
        _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) throws(HistoryError) -> Result {
        var count: Int32 = 0
        guard libsqlite_column_type(statement, column) == Int32(LIBSQLITE_TEXT),
            let bytes = libsqlite_column_text(statement, column, &count)
        else { throw .damaged(path) }
        return body(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
}
