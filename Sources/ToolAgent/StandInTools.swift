package import ToolHost
import ToolJSON

/// Results that take the place of the host's, such as those of a recording.
package struct StandInTools: Sendable {
    /// The names of the tools that are offered to the model beside those of the host.
    package let names: [String]

    /// A function that returns the result of each call, or nil for a call that the host runs.
    ///
    /// The index of a call is its position in the message. The calls that are not run are missing.
    package let results: Results

    /// A function that returns true if the message has results, so that a call in its text was run.
    package let hasResults: @Sendable () -> Bool

    /// A function that returns the results of calls.
    package typealias Results = @Sendable ([(index: Int, call: ToolCall)]) -> [ToolResult?]

    /// The length of the definitions of all tools in the recorded requests, or nil if it is unknown.
    var definitionBytes: Int?

    /// Creates stand-ins.
    package init(names: [String], results: @escaping Results, hasResults: @escaping @Sendable () -> Bool) {
        (self.names, self.results, self.hasResults) = (names, results, hasResults)
    }

    /// The tools that neither the host nor the agent offers.
    func offered(besides known: Set<String>) -> [OfferedTool] {
        names.filter { !known.contains($0) }.map { name in
            let definition: JSON = ["type": "function", "function": ["name": .string(name), "parameters": [:]]]
            return OfferedTool(name: name, definition: definition, text: definition.bytes())
        }
    }
}
