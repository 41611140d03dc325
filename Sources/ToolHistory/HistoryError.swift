/// An error of the history: its file cannot be used, or a request does not fit it.
package struct HistoryError: Error, Sendable, CustomStringConvertible {
    /// The kind of error.
    package enum Code: Sendable {
        /// The system has no usable SQLite.
        case libraryUnavailable
        /// Other users could write or replace the file.
        case insecureFile
        /// The file cannot be created, opened, read or written.
        case inaccessibleFile
        /// The file is not a history, or is damaged.
        case damagedFile
        /// A later version of this program wrote the file.
        case newerVersion
        /// Another process has locked the file for too long.
        case locked
        /// There is no room for more, on the disk or in the history.
        case full
        /// There is no such conversation.
        case unknownConversation
        /// A name or a search is not valid.
        case invalidRequest
        /// Another conversation has the name.
        case nameTaken
    }

    /// An action of the user that can fix the error.
    package enum Remedy: Sendable {
        /// Install a package of the system.
        case install(package: String)
        /// Move the file at a path away, so that a new one is made.
        case moveAway(path: String)
        /// Run a shell command.
        case run(command: String)
    }

    /// The kind of error.
    package let code: Code
    /// The reason, in sentences.
    package let message: String
    /// The action that can fix the error, or nil if none is known.
    package let remedy: Remedy?

    package var description: String { message }

    init(_ code: Code, _ message: String, remedy: Remedy? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}
