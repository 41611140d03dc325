import ToolHost
import ToolJSON

/// The tool `read_result`, with which a model reads the results of which it received only a part.
struct ResultReading: Sendable {
    static let name = "read_result"

    let results: KeptResults

    /// The characters before the first place of a pattern that are returned with it.
    private static let context = 200
    /// The maximum length of a pattern in characters.
    private static let maximumPattern = 1_000
    /// The maximum number of places of a pattern that are listed.
    private static let maximumPlaces = 20
    /// The room for the sentences around the text, in characters.
    private static let sentences = 700

    /// The tool, or nil if its schema were not valid.
    var tool: RegisteredTool? {
        FunctionSource.tool(Self.schema) { [self] arguments in reply(to: arguments) }
    }

    private static let schema: JSONObject = [
        "name": .string(name),
        "description": """
        Read a part of a long result. If the middle of a tool's result was omitted, the note in its place names the handle.
        """,
        "parameters": [
            "type": "object",
            "properties": [
                "handle": ["type": "string", "description": "The handle of the result, such as result_1"],
                "offset": [
                    "type": "integer", "minimum": 0,
                    "description": "The number of characters to skip. Default: 0",
                ],
                "length": [
                    "type": "integer", "minimum": 1,
                    "description": "The maximum number of characters to read",
                ],
                "pattern": [
                    "type": "string", "maxLength": .int(maximumPattern),
                    "description": "A string to find. The part begins shortly before its first place after the offset",
                ],
            ],
            "required": ["handle"],
        ],
        "toolhost": ["annotations": ["readOnly": true, "idempotent": true]],
    ]

    /// Reads a part of a result.
    ///
    /// - Parameter arguments: Arguments that fit the schema.
    func reply(to arguments: JSONObject) -> FunctionSource.Reply {
        let handle = arguments["handle"]?.string ?? ""
        let (entry, sentence) = results.read(handle)
        guard let entry else { return .error(sentence) }
        let total = entry.text.count
        // A number beyond the range of Int is beyond the end, too.
        let offset = arguments["offset"].map { $0.int ?? .max } ?? 0
        guard offset >= 0, offset < total else {
            return .error("The offset is beyond the end: \(handle) has \(total) characters, numbered from 0.")
        }
        var start = offset
        var heading = ""
        if let pattern = arguments["pattern"]?.string, !pattern.isEmpty {
            let found = entry.text.places(of: pattern, from: offset, limit: Self.maximumPlaces)
            guard let first = found.positions.first else {
                return .text("The pattern does not occur in \(handle) from character \(offset) to its end at \(total).")
            }
            let list = found.positions.map { "\($0)" }.joined(separator: ", ")
            let rest = found.count - found.positions.count
            heading = "The pattern occurs \(found.count) times, at: \(list)\(rest > 0 ? " and \(rest) more" : "").\n"
            start = max(offset, first - Self.context)
        }
        let limit = results.limit
        let room = max(1, limit - min(limit / 2, Self.sentences))
        let length = min(room, arguments["length"].map { max(1, $0.int ?? .max) } ?? room)
        let end = min(total, start + length)
        heading += "Characters \(start) to \(end) of \(total) of \(handle) (\(entry.toolName)):\n"
        let footer = end < total ? "\n[To continue, read from offset \(end).]" : "\n[End of \(handle).]"
        return .text(heading + entry.text.text(in: start..<end) + footer)
    }
}
