import Foundation
import TestSupport
import Testing
import ToolJSON
import ToolSchema

/// The lines of `chat --json`, each of which fits the published schema.
struct ChatEvents {
    let lines: [JSON]

    private static let schema = Result {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Documentation/Schemas/chat-events.schema.json")
        return try Schema(JSON(parsing: Array(Data(contentsOf: file))))
    }

    /// Reads standard output, and expects each line to fit the schema.
    init(_ result: Command.Result, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let schema = try Self.schema.get()
        try #require(result.output.hasSuffix("\n"), "\(result)", sourceLocation: sourceLocation)
        lines = try result.output.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let json = try JSON(parsing: String(line))
            let violations = schema.violations(in: json).map(\.message)
            #expect(violations.isEmpty, "\(line): \(violations)", sourceLocation: sourceLocation)
            return json
        }
        #expect(lines.first?["event"] == "start" && lines.last?["event"] == "end", sourceLocation: sourceLocation)
        #expect(lines.count { $0["event"] == "start" || $0["event"] == "end" } == 2, sourceLocation: sourceLocation)
        #expect(end["exit_code"]?.int == Int(result.status), "\(result)", sourceLocation: sourceLocation)
    }

    /// The last line.
    var end: JSON { lines.last ?? .null }

    /// The names of the events between the first line and the last one.
    var names: [String] { lines.dropFirst().dropLast().compactMap { $0["event"]?.string } }

    /// Returns the lines of an event.
    func all(_ event: String) -> [JSON] { lines.filter { $0["event"]?.string == event } }
}
