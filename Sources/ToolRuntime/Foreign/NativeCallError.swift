import CToolPlugin
import ToolJSON

/// An error that describes why a native call has no result.
package struct NativeCallError: Error, Sendable, Hashable {
    /// The status of the call in the plugin contract: `TOOL_INVALID_ARGUMENTS` or `TOOL_ERROR`.
    package let status: Int32
    /// The reason in sentences, for the model.
    package let message: String

    init(_ status: Int32, _ message: String) { (self.status, self.message) = (status, message) }

    /// An argument that does not fit: its path and the reason.
    static func invalid(_ message: String) -> NativeCallError { NativeCallError(TOOL_INVALID_ARGUMENTS, message) }

    /// An argument that is missing or differs from the expectation.
    static func invalid(_ path: String, _ expectation: String, _ value: JSON?) -> NativeCallError {
        guard let value else { return invalid("\(path): expected \(expectation), but it is missing") }
        return invalid("\(path): expected \(expectation), got \(value.text().prefix(80))")
    }

    /// A failure that the function reported, or an invalid result.
    static func failed(_ message: String) -> NativeCallError { NativeCallError(TOOL_ERROR, message) }
}
