/// The warnings about the context window that a response has had.
struct ContextNotices: Sendable {
    var hasCompacted = false
    var isFull = false
}
