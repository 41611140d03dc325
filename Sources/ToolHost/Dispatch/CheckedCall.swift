import ToolRuntime
import ToolSchema

/// A call whose arguments fit the schema of its tool.
struct CheckedCall: Sendable {
    let tool: RegisteredTool
    /// The arguments that the tool receives.
    let arguments: SerialisedArguments
    let coercions: [Coercion]
    /// Diagnostics about the arguments, for the user.
    let notes: [String]
}
