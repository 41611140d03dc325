/// An error that describes why a process could not be confined as ordered.
package struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason in sentences.
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}
