/// An incremental search in the history.
struct HistorySearch {
    /// The text that entries must contain.
    var query = ""
    /// The position of the match, or of the start of the search.
    var position: Int
    /// True if the history has no further match.
    var hasFailed = false
    /// The buffer and the position before the search, which Ctrl-G restores.
    let original: (buffer: EditBuffer, position: Int)

    /// The maximum number of bytes of the query.
    static let limit = 256
}
