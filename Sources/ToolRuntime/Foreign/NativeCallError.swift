import CToolPlugin
import ToolJSON

/// Why native functions cannot be offered: a sentence.
package struct NativeSignatureError: Error, Sendable, Hashable {
    package let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

/// Why a native call gave no result: a status of the contract, and a sentence for the model.
package struct NativeCallError: Error, Sendable, Hashable {
    package let status: Int32
    package let sentence: String

    init(_ status: Int32, _ sentence: String) { (self.status, self.sentence) = (status, sentence) }

    /// An argument that does not fit: what it is, and why.
    static func invalid(_ sentence: String) -> NativeCallError { NativeCallError(TOOL_INVALID_ARGUMENTS, sentence) }

    static func invalid(_ path: String, _ expectation: String, _ value: JSON?) -> NativeCallError {
        guard let value else { return invalid("\(path): expected \(expectation), and it is missing") }
        return invalid("\(path): expected \(expectation), got \(value.text().prefix(80))")
    }

    /// What the function itself, or what it gave back, says.
    static func failed(_ sentence: String) -> NativeCallError { NativeCallError(TOOL_ERROR, sentence) }
}
