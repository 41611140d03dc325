import TestSupport
import Testing
import ToolJSON

/// Of JSON members with the same name, the last one counts, and the duplicate is reported.
@Suite("Repeated names", .timeLimit(.minutes(10))) struct RepeatedNameTests {
    @Test("a repeated name in the arguments of call is reported in a note")
    func arguments() throws {
        let called = try Command("call", "typed", #"{"i":1,"i":2}"#, plugins: Fixture.plugins).run()
        #expect(called.status == 0)
        #expect(called.output == #"{"i":2}"# + "\n")
        #expect(called.errors == "note: In the arguments, /i is given more than once, and the last one counts.\n")
    }

    @Test("a repeated name in arguments that are a JSON string is part of the notes of the call")
    func textArguments() throws {
        let message = #"{"tool_calls":[{"function":{"name":"typed","arguments":"{\"o\":{\"x\":1,\"x\":2}}"}}]}"#
        let report = try Command("dispatch", "--json", plugins: Fixture.plugins, input: message).run().json
        #expect(report[pointer: "/messages/0/content"] == #"{"o":{"x":2}}"#)
        #expect(report[pointer: "/calls/0/notes"] == ["/o/x is given more than once, and the last one counts."])
    }

    @Test("a repeated name in a recorded response is reported in a note")
    func response() throws {
        let message = #"{"role":"user","role":"assistant","content":""}"#
        let result = try Command("dispatch", plugins: Fixture.plugins, input: message).run()
        #expect(result.status == 0)
        #expect(result.errors == "note: In the response, /role is given more than once, and the last one counts.\n")
    }

    @Test("a repeated name in the configuration is reported in a note")
    func configuration() throws {
        let directory = try FixtureDirectory()
        let path = try directory.file("config.json", #"{"limits":{},"limits":{}}"#.utf8)
        let listed = try Command("list", "--config", path, plugins: Fixture.plugins).run()
        #expect(listed.status == 0)
        #expect(
            listed.errors == "note: In the configuration, /limits is given more than once, and the last one counts.\n"
        )
    }

    @Test("a repeated name in a schema or a manifest is a problem of the plugin")
    func registration() throws {
        let directory = try FixtureDirectory()
        try directory.plugin(
            "twice.so",
            FixtureSource.tool(
                "twice",
                extra: #","description":"The last""#,
                manifest: #"{"name":"once","name":"twice"}"#,
                body: "return tool_finish(call, TOOL_OK);"
            )
        )
        let report = try Command("doctor", "--json", plugins: directory).run().json
        #expect(report[pointer: "/plugins/0/name"] == "twice")
        #expect(
            report[pointer: "/plugins/0/problems"] == [
                "In its manifest, /name is given more than once, and the last one counts.",
                "In the schema of twice, /description is given more than once, and the last one counts.",
            ]
        )
        let listed = try Command("list", plugins: directory).run()
        #expect(listed.output == "twice  The last\n")
    }
}
