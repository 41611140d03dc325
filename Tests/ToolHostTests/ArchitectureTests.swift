import Foundation
import Testing

/// The path of a call as `Documentation/Architecture.md` describes it.
@Suite("The architecture page")
struct ArchitectureTests {
    /// A step of the path: a type, and the file that declares it.
    struct Step: Sendable, CustomTestStringConvertible {
        let number: Int
        let type: String
        let file: String

        var testDescription: String { "\(number) \(type)" }
    }

    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

    private static let page = "Documentation/Architecture.md"

    /// The rows `| NUMBER | `TYPE` | `FILE` | …`.
    private static let steps: [Step] = {
        let text = (try? String(contentsOf: root.appending(path: page), encoding: .utf8)) ?? ""
        return text.matches(of: /(?m)^\| (\d+) \| `(\w+)` \| `([^`]+)` \|/).compactMap { row in
            Int(row.1).map { Step(number: $0, type: String(row.2), file: String(row.3)) }
        }
    }()

    @Test("the architecture page numbers the steps of a call without a gap")
    func numbers() {
        #expect(Self.steps.count > 20)
        #expect(Self.steps.map(\.number) == Array(1...max(1, Self.steps.count)))
    }

    @Test("each step of a call on the architecture page names a file that declares the type", arguments: steps)
    func declaration(step: Step) throws {
        let source = try String(contentsOf: Self.root.appending(path: step.file), encoding: .utf8)
        let declaration = try Regex(#"\b(struct|class|enum|protocol|actor) \#(step.type)\b"#)
        #expect(source.contains(declaration), "\(step.file) does not declare \(step.type).")
    }

    @Test("the architecture page mentions only files and directories that exist")
    func paths() throws {
        let text = try String(contentsOf: Self.root.appending(path: Self.page), encoding: .utf8)
        for path in text.matches(of: /`((?:Sources|Scripts|Tests|Documentation)\/[^`]+)`/).map({ String($0.1) }) {
            #expect(FileManager.default.fileExists(atPath: Self.root.appending(path: path).path), "\(path)")
        }
    }
}
