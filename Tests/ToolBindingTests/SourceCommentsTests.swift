import TestSupport
import Testing

@testable import ToolBinding

@Suite("Comments beside declarations") struct SourceCommentsTests {
    @Test(
        "a comment above, after or below a declaration describes it",
        arguments: [
            ("/* Adds numbers. */\nint f(int a);\n", "Adds numbers."),
            ("// Adds\n// numbers.\nint f(int a);\n", "Adds numbers."),
            ("int f(int a); ///< Adds numbers.\n", "Adds numbers."),
            ("int f(int a);\n/* Adds numbers. */\n", "Adds numbers."),
            ("int g; /* Not this one. */\nint f(int a);\n", nil), ("/* Not this one. */\n\nint f(int a);\n", nil),
            ("int f(int a);\n/* Not this one. */\nint g(void);\n", nil), ("int f(int a);", nil),
        ] as [(String, String?)]
    )
    func places(source: String, summary: String?) throws {
        let directory = try FixtureDirectory()
        let file = try directory.file("fixture.h", source.utf8)
        let declaration = try #require(source.firstRange(of: "int f(int a)"))
        let start = source.utf8.distance(from: source.startIndex, to: declaration.lowerBound)
        let end = source.utf8.distance(from: source.startIndex, to: declaration.upperBound)
        let comment = SourceComments().comment(around: start...end, in: file, of: "f")
        #expect(comment?.summary == summary)
    }

    @Test("a place outside the file has no comment and no source")
    func outside() throws {
        let directory = try FixtureDirectory()
        let file = try directory.file("fixture.h", "int f(int a);\n".utf8)
        let comments = SourceComments()
        #expect(comments.comment(around: 0...1000, in: file, of: "f") == nil)
        #expect(comments.comment(besides: 1000, in: file) == nil)
        #expect(comments.comment(around: 0...1, in: "/nowhere.h", of: "f") == nil)
    }
}
