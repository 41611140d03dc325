import CToolPlugin

/// A tool of a loaded plugin.
package struct LoadedTool: Sendable {
    /// The code that a call runs.
    enum Code: Sendable {
        /// The `execute` function of the plugin.
        case plugin(Execute)
        /// A native function, which is called by its signature.
        case native(ForeignFunction)
        /// No code, with the reason as a sentence.
        case none(fault: String)
    }

    /// The functions of a plugin for its tool.
    struct Execute: Sendable {
        // Constant, and valid until the process exits.
        nonisolated(unsafe) let description: UnsafePointer<tool_v1>
    }

    /// The schema as the plugin registered it: its length is bounded, and nothing else is checked.
    package let schema: [UInt8]

    /// True if the tool may run beside other tools of the plugin.
    let isConcurrent: Bool

    let code: Code

    /// The native function that a call runs, if it is one.
    package var function: ForeignFunction? { if case .native(let function) = code { function } else { nil } }

    /// The reason why the tool cannot be called, or nil.
    package var fault: String? { if case .none(let fault) = code { fault } else { nil } }
}
