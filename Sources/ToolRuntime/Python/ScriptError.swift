/// An error in the metadata of a Python file.
package struct ScriptError: Error, Sendable, Hashable {
    /// The number of the line, from 1.
    package let line: Int
    /// The reason as the end of a sentence.
    package let reason: String

    init(line: Int, _ reason: String) { (self.line, self.reason) = (line, reason) }

    /// The reason in a sentence.
    package var message: String {
        "The metadata in line \(line) cannot be used: \(reason)" + (reason.hasSuffix("?") ? "" : ".")
    }
}
