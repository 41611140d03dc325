import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("toolhost show", .timeLimit(.minutes(10)))
struct ShowTests {
    private static let paged = FixtureSource.tool(
        "paged",
        extra: """
            ,"parameters":{"type":"object","properties":{"page":{"type":"integer","minimum":1,"maximum":100,\
            "description":"The page"}}}
            """,
        body: "return tool_reply(call, tool_text(\"a page\"));"
    )

    private let plugins: FixtureDirectory

    init() throws {
        plugins = try FixtureDirectory()
        try plugins.plugin("paged.so", Self.paged)
    }

    @Test("show prints the authored schema, the schema for the model, and the differences")
    func forms() throws {
        let text = try Command("show", "paged", plugins: plugins).run().output
        let authored = try #require(text.range(of: "Authored parameters:"))
        let sent = try #require(text.range(of: "As a model receives it:"))
        let differences = try #require(text.range(of: "Differences:"))
        #expect(text[authored.upperBound..<sent.lowerBound].contains("\"maximum\": 100"))
        #expect(!text[sent.upperBound..<differences.lowerBound].contains("\"maximum\""))
        #expect(text[sent.upperBound..<differences.lowerBound].contains("100"))
        #expect(text[differences.upperBound...].contains("described  /properties/page"))
    }

    @Test("show prints one form if both are the same")
    func unchanged() throws {
        let plugins = try Fixture.plugins
        let text = try Command("show", "get_temperature", plugins: plugins).run().output
        #expect(!text.contains("Authored parameters:"))
        #expect(!text.contains("Differences:"))
    }

    private static let units = #""Unit":{"type":"string","enum":["cm","inch"]}"#

    /// Parameters, and the lines that are printed for them.
    private static let kinds: [(parameters: String, lines: [String])] = [
        (
            ##"""
            "$defs":{\##(units),"Chain":{"$ref":"#/$defs/Unit"},"Named":{"$anchor":"named","enum":[1,null]}},\##
            "required":["written"],"properties":{"written":{"type":"string","enum":["cm","inch"]},\##
            "referred":{"$ref":"#/$defs/Unit","description":"Of length"},"chained":{"$ref":"#/$defs/Chain"},\##
            "anchored":{"$ref":"#named"},"listed":{"type":"array","items":{"$ref":"#/$defs/Unit"}},\##
            "combined":{"allOf":[{"$ref":"#/$defs/Unit"}]},"either":{"anyOf":[{"$ref":"#/$defs/Unit"},{"type":"null"}]}}
            """##,
            [
                ##"written (string: "cm" | "inch", required)"##,
                ##"referred (string: "cm" | "inch", optional)  Of length"##,
                ##"chained (string: "cm" | "inch", optional)"##, "anchored (integer: 1 | null, optional)",
                ##"listed (array of string: "cm" | "inch", optional)"##,
                ##"combined (string: "cm" | "inch", optional)"##,
                ##"either (string: "cm" | "inch" or null, optional)"##,
            ]
        ),
        (
            ##"""
            "$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/All","definitions":{\##(units),\##
            "All":{"type":"object","required":["unit"],"properties":{"unit":{"$ref":"#/definitions/Unit"}}}}
            """##,
            [##"unit (string: "cm" | "inch", required)"##]
        ),
    ]

    @Test("show prints the values of an enum that a parameter refers to", arguments: kinds)
    func referred(parameters: String, lines: [String]) throws {
        let directory = try FixtureDirectory()
        let extra = #","parameters":{\#(parameters)}"#
        try directory.plugin(
            "units.so",
            FixtureSource.tool("units", extra: extra, body: "return tool_reply(call, tool_text(\"\"));")
        )
        let text = try Command("show", "units", plugins: directory).run().output
        for line in lines { #expect(text.contains("\n  \(line)"), "\(text)") }
    }

    @Test("show --json prints both forms and the differences")
    func json() throws {
        let shown = try Command("show", "paged", "--json", plugins: plugins).run().json
        #expect(shown[pointer: "/sent/function/name"] == "paged")
        #expect(shown[pointer: "/lowering/0/path"]?.string?.hasPrefix("/properties/page") == true)
    }

    @Test("show --lint reports the rule and the place of each finding, and exits with 1")
    func lint() throws {
        let directory = try FixtureDirectory()
        try directory.plugin(
            "vague.so",
            FixtureSource.tool(
                "vague",
                extra: #","parameters":{"type":"object","properties":{"q":{"type":"string"}}}"#,
                body: "return tool_reply(call, tool_text(\"\"));"
            )
        )
        for arguments in [["--lint"], ["vague", "--lint"]] {
            var command = Command("show", plugins: directory)
            command.arguments += arguments
            let result = try command.run()
            #expect(result.status == 1)
            #expect(result.output.contains("vague/parameters/properties/q: missing-description: "))
        }
        let json = try Command("show", "--lint", "--json", plugins: directory).run().json
        #expect(json.array?.contains { $0["rule"] == "missing-description" && $0["tool"] == "vague" } == true)
    }

    @Test("show requires the name of a tool")
    func nameless() throws {
        #expect(try Command("show", plugins: plugins).run().status == 64)
        #expect(try Command("show", "nope", plugins: plugins).run().status == 3)
    }
}
