package import ToolRuntime

/// The reason why a worker process was not started.
///
/// The message becomes the result of a call, so it has no path of a plugin.
package struct WorkerError: Error, Sendable, CustomStringConvertible {
    /// The reason in sentences.
    package let message: String
    /// The action that solves the problem, if the host knows one.
    package let remedy: Remedy?

    package var description: String { message }

    init(_ message: String, remedy: Remedy? = nil) {
        self.message = message
        self.remedy = remedy
    }
}
