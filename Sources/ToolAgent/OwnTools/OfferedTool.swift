import OllamaClient
import ToolHost
import ToolJSON

/// A tool in the form that a request has, with its JSON text.
struct OfferedTool: Sendable {
    let name: String
    let definition: JSON
    let text: [UInt8]
}

extension RegisteredTool {
    /// The tool for requests.
    ///
    /// It is made once for all agents, because a program may have one agent for each conversation. Its author's texts
    /// have no control tokens of models.
    var offered: OfferedTool {
        derived { schema in
            let definition = OllamaTools.tool(for: schema).neutralised
            return OfferedTool(name: name, definition: definition, text: definition.bytes())
        }
    }
}
