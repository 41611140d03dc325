import Glibc
import SystemPackage
package import ToolRuntime

/// The decisions that a binding file leaves to the user, and its invalid parts.
package struct OpenDecisions: Sendable, Hashable {
    /// The tools that are not offered until their questions are answered.
    package let tools: [Binding.Undecided]
    /// The types with open questions, which tools need.
    package let types: [Binding.Undecided]
    /// The reasons why types and tools cannot be used, in sentences.
    package let faults: [String]

    /// Reads a binding.
    ///
    /// A plugin has no open decisions.
    ///
    /// - Throws: ``BindingError`` for a file that the host cannot load either.
    package init(in file: String) throws(BindingError) {
        guard access(file, F_OK) == 0 else {
            throw BindingError(.notFound, "\(file): Cannot be opened: \(Errno(rawValue: errno).description).")
        }
        do {
            let binding = try PluginFile(checking: file).binding
            tools = binding?.undecided ?? []
            types = binding?.undecidedTypes ?? []
            faults = binding?.faults ?? []
        } catch {
            throw BindingError(.notReadable, error.description, underlyingError: error)
        }
    }
}
