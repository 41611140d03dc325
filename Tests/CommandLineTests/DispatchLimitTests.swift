import TestSupport
import Testing
import ToolJSON

/// The length of the results that `dispatch` prints for the model.
@Suite("Long results of dispatch", .timeLimit(.minutes(10)))
struct DispatchLimitTests {
    private let directory: FixtureDirectory

    /// The source of `long`, which returns 100,000 characters in the form of `how`, and a picture between them.
    init() throws {
        directory = try FixtureDirectory()
        try directory.plugin(
            "long.so",
            FixtureSource.tool(
                "long",
                before: try FixtureSource.file("long_result.c"),
                extra: #","parameters":{"type":"object","properties":{"how":{"type":"string"}}}"#,
                body: "return write_long_result(call);"
            )
        )
    }

    private static let kinds = ["text", "parts", "json", "error", "invalid"]

    private func messages(_ how: String, _ flags: [String], json: Bool) throws -> JSON {
        let input = #"{"tool_calls":[{"function":{"name":"long","arguments":{"how":"\#(how)"}}}]}"#
        var command = Command("dispatch", plugins: directory, input: input)
        command.arguments += flags + (json ? ["--json"] : [])
        let result = try command.run()
        #expect(result.status == 0, "\(result.errors)")
        guard json else { return try result.json }
        // The report has whole results.
        #expect(try (result.json[pointer: "/calls/0/text"]?.string?.unicodeScalars.count ?? 0) >= 100_000)
        return try #require(result.json["messages"])
    }

    @Test("dispatch shortens a long result in the message as a chat does", arguments: kinds, [false, true])
    func shortened(how: String, json: Bool) throws {
        let limits = try directory.file("config.json", #"{"limits":{"result_characters":300}}"#.utf8)
        for (flags, limit) in [([], 60_000), (["--config", limits], 300)] {
            let messages = try messages(how, flags, json: json)
            let text = try #require(messages[pointer: "/0/content"]?.string)
            #expect(text.unicodeScalars.count <= limit && text.unicodeScalars.count > limit - 20)
            #expect(text.contains("characters omitted …]"))
            #expect(text.hasPrefix(how == "json" ? "\"aa" : "aaa") && text.hasSuffix(how == "json" ? "z\"" : "zz"))
            #expect((messages[pointer: "/0/images"] == nil) == (how != "parts"))
        }
    }

    @Test("dispatch --whole-results prints long results whole", arguments: kinds, [false, true])
    func whole(how: String, json: Bool) throws {
        let text = try messages(how, ["--whole-results"], json: json)[pointer: "/0/content"]?.string
        let picture = how == "parts" ? "[image/png, 4 bytes]".count : 0
        #expect(text?.unicodeScalars.count == 100_000 + picture)
    }

    @Test("a limit for results that is not a number is an error of the configuration")
    func invalidLimit() throws {
        let file = try directory.file("config.json", #"{"limits":{"result_characters":"many"}}"#.utf8)
        let result = try Command("dispatch", "--config", file, plugins: directory, input: "{}").run()
        #expect(result.status == 64 && result.errors.contains("result_characters"), "\(result.errors)")
    }
}
