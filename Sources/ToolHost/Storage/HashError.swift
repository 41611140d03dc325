import ToolRuntime

/// An error that describes why a file or a text has no hash.
enum HashError: Error, Sendable, Hashable {
    /// The file cannot be read, or is no longer the one that was checked.
    case changed
    /// The system cannot compute hashes: the reason in a sentence, and the remedy if there is one.
    case unavailable(String, Remedy?)
}
