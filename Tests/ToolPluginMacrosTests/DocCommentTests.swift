import SwiftParser
import SwiftSyntax
import Testing

@testable import ToolPluginMacros

/// A comment, with the expected text and parameters (`name=description`).
struct CommentCase: Sendable {
    let comment: String
    let text: String
    let parameters: [String]

    init(_ comment: String, _ text: String, _ parameters: String...) {
        (self.comment, self.text, self.parameters) = (comment, text, parameters)
    }
}

@Suite("Documentation comments") struct DocCommentTests {
    @Test(
        "the text and the parameters are read as in Markdown",
        arguments: [
            CommentCase("", ""),
            CommentCase("// Not documentation", ""),
            CommentCase("/// One line", "One line"),
            CommentCase("/// Two\n/// lines", "Two lines"),
            CommentCase("/// A paragraph.\n///\n/// Another.", "A paragraph.\n\nAnother."),
            CommentCase("/// Add.\n/// - Parameter x: The first number", "Add.", "x=The first number"),
            CommentCase(
                "/// Add two numbers\n///\n/// - Parameters:\n///   - x: The first number\n///   - y: The second number",
                "Add two numbers",
                "x=The first number",
                "y=The second number"
            ),
            CommentCase(
                "/// F\n/// - Parameters:\n///   - x: A number\n///     with multiple lines\n///   - y: Another",
                "F",
                "x=A number with multiple lines",
                "y=Another"
            ),
            CommentCase("/// - Parameter x: : The first", "", "x=: The first"),
            CommentCase("/// F\n/// - Returns: A sum\n/// - Throws: Nothing\n/// more of it", "F"),
            CommentCase("/// F\n/// - Parameter x: X\n/// - Returns: A sum\n/// and more", "F", "x=X"),
            CommentCase(
                "/// F\n/// - Parameter x: In parentheses (:thing) (integer)",
                "F",
                "x=In parentheses (:thing) (integer)"
            ),
            CommentCase("/// Choose:\n/// - red: like blood\n/// - blue", "Choose: - red: like blood - blue"),
            CommentCase("/// F\n/// - parameter `in`: Where", "F", "in=Where"),
            CommentCase("/// List.\n/// - Note: Hidden\n///\n/// Sorted.", "List.\n\nSorted."),
            CommentCase(
                "/// F\n/// - Note: A\n///\n///   more of it\n/// - Parameter x: X\n///\n/// G",
                "F\n\nG",
                "x=X"
            ),
            CommentCase("/// Choose:\n/// - Date: by day\n/// - Name: by name", "Choose:\n\n- Name: by name"),
            CommentCase(
                "/// F\n/// - Parameters:\n///   - x: X\n///\n///   - y: Y\n///\n/// G",
                "F\n\nG",
                "x=X",
                "y=Y"
            ),
            CommentCase("/** One line */", "One line"),
            CommentCase("/**\n Text\n\n - Parameter x: X\n   more\n */", "Text", "x=X more"),
            CommentCase("/**\n * Framed\n * text\n * - Parameters:\n *   - x: X\n */", "Framed text", "x=X"),
            CommentCase("/// Far away\n\n\n/// Near", "Near"),
            CommentCase("/// Grüße 🌍", "Grüße 🌍"),
        ]
    )
    func reading(_ example: CommentCase) throws {
        let statement = try #require(Parser.parse(source: example.comment + "\nfunc f() {}").statements.first)
        let comment = DocComment(statement.leadingTrivia)
        #expect(comment.text == example.text)
        #expect(comment.parameters.map { "\($0.name)=\($0.text)" } == example.parameters)
    }

    @Test(
        "the name of a tool is the name of its function in snake case",
        arguments: [
            ("getTemperature", "get_temperature"), ("add", "add"), ("getHTTPStatus", "get_http_status"),
            ("parseURL", "parse_url"), ("x2Y", "x2_y"), ("already_snake", "already_snake"), ("URLOf", "url_of"),
        ]
    )
    func names(_ name: String, _ expected: String) {
        #expect(name.snakeCase == expected)
    }
}
