/// An error about a private file that is written.
package struct OutputFileError: Error, Sendable, CustomStringConvertible {
    /// The reason, as a clause that follows the path, such as "is a symbolic link".
    package let reason: String

    package var description: String { reason }

    init(_ reason: String) { self.reason = reason }
}
