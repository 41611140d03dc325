import Glibc
import ToolRuntime

/// What a person has to decide about a tool or a type before it can be offered.
package struct OpenDecision: Sendable, Hashable {
    /// The tool's or the type's.
    package let name: String
    /// In sentences.
    package let questions: [String]
}

/// What is open in a binding file.
package struct OpenDecisions: Sendable, Hashable {
    package let tools: [OpenDecision]
    package let types: [OpenDecision]
    /// The reasons why types and tools cannot be used, in sentences.
    package let faults: [String]

    /// Reads a binding; a plugin leaves nothing open.
    ///
    /// - Throws: ``BindingError`` for a file that the host would not load either.
    package init(in file: String) throws(BindingError) {
        guard access(file, F_OK) == 0 else {
            throw BindingError(.notFound, "\(file): Cannot be opened: \(String(cString: strerror(errno))).")
        }
        let binding: Binding?
        do {
            binding = try PluginFile(checking: file).binding
        } catch {
            throw BindingError(.notReadable, error.description)
        }
        let decision = { (undecided: Binding.Undecided) in
            OpenDecision(name: undecided.name, questions: undecided.questions)
        }
        tools = (binding?.undecided ?? []).map(decision)
        types = (binding?.undecidedTypes ?? []).map(decision)
        faults = binding?.faults ?? []
    }
}
