import TestSupport
import Testing
import ToolJSON

/// The length of the results that `dispatch` prints for the model.
@Suite("A long result of toolhost dispatch", .timeLimit(.minutes(10)))
struct DispatchLimitTests {
    private let directory: FixtureDirectory

    /// `long` gives 100,000 characters in the form of `how`, and between them a picture.
    init() throws {
        directory = try FixtureDirectory()
        try directory.plugin(
            "long.so",
            FixtureSource.tool(
                "long",
                extra: #","parameters":{"type":"object","properties":{"how":{"type":"string"}}}"#,
                body: """
                    static char text[100001];
                    tool_text_v1 how;
                    memset(text, 'a', 50000);
                    memset(text + 50000, 'z', 50000);
                    if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK) return TOOL_DONE;
                    if (!strcmp(how.bytes, "error")) return tool_fail(call, TOOL_ERROR, text);
                    if (!strcmp(how.bytes, "invalid")) return tool_fail(call, TOOL_INVALID_ARGUMENTS, text);
                    if (!strcmp(how.bytes, "json")) {
                        text[0] = text[99999] = '"';
                        tool_write_json(call, tool_text(text));
                        return tool_finish(call, TOOL_OK);
                    }
                    for (int i = 0; !strcmp(how.bytes, "parts") && i < 10; i++) {
                        tool_write_text(call, (tool_text_v1){text + 10000 * i, 10000});
                        if (i == 4) tool_write_data(call, "image/png", "\\211PNG", 4);
                        if (i == 9) return tool_finish(call, TOOL_OK);
                    }
                    return tool_reply(call, tool_text(text));
                    """
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
        // The report is for programs, and has everything.
        #expect(try (result.json[pointer: "/calls/0/text"]?.string?.unicodeScalars.count ?? 0) >= 100_000)
        return try #require(result.json["messages"])
    }

    @Test("is shortened in the message to what a chat would give the model", arguments: kinds, [false, true])
    func shortened(how: String, json: Bool) throws {
        let limits = try directory.file("config.json", #"{"limits":{"result_characters":300}}"#.utf8)
        for (flags, limit) in [([], 60_000), (["--config", limits], 300)] {
            let messages = try messages(how, flags, json: json)
            let text = try #require(messages[pointer: "/0/content"]?.string)
            #expect(text.unicodeScalars.count <= limit && text.unicodeScalars.count > limit - 20)
            #expect(text.contains("characters are left out here …]"))
            #expect(text.hasPrefix(how == "json" ? "\"aa" : "aaa") && text.hasSuffix(how == "json" ? "z\"" : "zz"))
            #expect((messages[pointer: "/0/images"] == nil) == (how != "parts"))
        }
    }

    @Test("is whole with --whole-results", arguments: kinds, [false, true])
    func whole(how: String, json: Bool) throws {
        let text = try messages(how, ["--whole-results"], json: json)[pointer: "/0/content"]?.string
        let picture = how == "parts" ? "[image/png, 4 bytes]".count : 0
        #expect(text?.unicodeScalars.count == 100_000 + picture)
    }

    @Test("has a limit that the configuration must give as a number")
    func invalidLimit() throws {
        let file = try directory.file("config.json", #"{"limits":{"result_characters":"many"}}"#.utf8)
        let result = try Command("dispatch", "--config", file, plugins: directory, input: "{}").run()
        #expect(result.status == 64 && result.errors.contains("result_characters"), "\(result.errors)")
    }
}
