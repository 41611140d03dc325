import ToolHost
import ToolJSON

/// The tool `find_tool`, with which a model searches for the tools of a host that has too many to offer all.
struct ToolFinding: Sendable {
    static let name = "find_tool"

    let search: ToolSearch

    private static let maximumTools = 5
    private static let maximumQuery = 1_000
    /// The maximum length of a description in characters.
    private static let maximumDescription = 500
    /// The maximum length of the definition of parameters in bytes.
    private static let maximumParameters = 2_000
    /// The maximum length of the list of all names in characters.
    private static let maximumNames = 1_000

    /// The tool, or nil if its schema were not valid.
    var tool: RegisteredTool? {
        FunctionSource.tool(schema) { [self] arguments in reply(to: arguments) }
    }

    private var schema: JSONObject {
        [
            "name": .string(Self.name),
            "description": .string(
                "Find tools by what they do. There are \(search.tools.count) tools, and only a few are shown. Search before "
                    + "you say that something cannot be done.\(names)"
            ),
            "parameters": [
                "type": "object",
                "properties": [
                    "query": [
                        "type": "string", "maxLength": .int(Self.maximumQuery),
                        "description": "What the tool must do, in a few words",
                    ]
                ],
                "required": ["query"],
            ],
            "toolhost": ["annotations": ["readOnly": true, "idempotent": true]],
        ]
    }

    /// The sentence with the names of all tools, or an empty string if they are too long.
    private var names: String {
        var list = ""
        for name in search.tools.lazy.map(\.name) {
            list += list.isEmpty ? name : ", \(name)"
            if list.utf8.count > Self.maximumNames { return "" }
        }
        return " The tools are: \(list)."
    }

    /// Finds tools, and offers them with the next requests.
    ///
    /// - Parameter arguments: Arguments that fit the schema.
    func reply(to arguments: JSONObject) -> FunctionSource.Reply {
        let found = search.tools(for: arguments["query"]?.string ?? "", limit: Self.maximumTools)
        guard !found.isEmpty else {
            return .text("No tool matches the query. Describe with other words what the tool must do.\(names)")
        }
        search.offer(found.map(\.name))
        let entries = found.enumerated().map { "\($0 + 1). \(Self.description(of: $1))" }
        return .text("The tools that fit best, which can be called now:\n\(entries.joined(separator: "\n"))")
    }

    /// Returns the name, the description and the parameters of a tool, in two lines.
    private static func description(of tool: RegisteredTool) -> String {
        // A line break would let a description pretend to be another tool.
        let words = tool.description.unicodeScalars.prefix(maximumDescription + 1)
        let line = String(words.prefix(maximumDescription)).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let end = words.count > maximumDescription ? "…" : ""
        let parameters = tool.offered.definition["function"]?["parameters"] ?? [:]
        guard parameters.byteCount(upTo: maximumParameters) <= maximumParameters else {
            let names = (parameters["properties"]?.object ?? [:]).prefix(32).map { JSON.string($0.key).text() }
            return "\(tool.name): \(line)\(end)\n   Names of parameters: "
                + names.joined(separator: ", ").unicodeScalars.prefix(maximumParameters).map(String.init).joined()
        }
        return "\(tool.name): \(line)\(end)\n   Parameters: \(parameters.text())"
    }
}
