import ToolJSON
import ToolSchema

/// A call whose arguments fit the schema of its tool.
struct CheckedCall: Sendable {
    let tool: RegisteredTool
    /// The arguments that the tool receives.
    let arguments: JSONObject
    /// The same as JSON text: arguments are serialised only here.
    let argumentBytes: [UInt8]
    let coercions: [Coercion]
    /// Diagnostics about the arguments, for the user.
    let notes: [String]
}
