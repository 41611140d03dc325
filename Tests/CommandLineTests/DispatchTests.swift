import TestSupport
import Testing
import ToolJSON

@Suite("The verb dispatch", .timeLimit(.minutes(10)))
struct DispatchTests {
    private let plugins: FixtureDirectory

    init() throws { plugins = try Fixture.plugins }

    private func dispatch(_ input: String, _ flags: String...) throws -> Command.Result {
        var command = Command("dispatch", plugins: plugins, input: input)
        command.arguments += flags
        return try command.run()
    }

    /// Returns a message of the assistant with calls as JSON text.
    private static func message(_ calls: String...) -> String {
        #"{"message":{"role":"assistant","tool_calls":[\#(calls.joined(separator: ","))]}}"#
    }

    private static let london = #"{"function":{"name":"get_conditions","arguments":{"city":"London"}}}"#

    @Test("dispatch prints a result for each call in its place, also for unknown tools")
    func threeCalls() throws {
        let result = try dispatch(
            """
            {"message":{"role":"assistant","tool_calls":[{"type":"function","function":{"index":0,\
            "name":"get_temperature","arguments":{"city":"New York"}}},{"function":{"name":"get_conditions",\
            "arguments":{"city":"London"}}},{"function":{"name":"nope","arguments":{}}}]}}
            """
        )
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let tools = "get_conditions, get_temperature, outcome, typed"
        #expect(
            result.output == """
                [{"role":"tool","content":"22C","tool_name":"get_temperature"},\
                {"role":"tool","content":"Rainy","tool_name":"get_conditions"},\
                {"role":"tool","content":"Tool nope not found. The tools are: \(tools).","tool_name":"nope"}]

                """
        )
    }

    @Test(
        "dispatch reads each form of a response",
        arguments: [
            ("a response", #"{"model":"m","message":{"role":"assistant","tool_calls":[\#(london)]},"done":true}"#),
            ("a message", #"{"role":"assistant","content":"","tool_calls":[\#(london)]}"#),
            ("a message without a role", #"{"tool_calls":[\#(london)]}"#),
            ("over several lines", "{\n  \"tool_calls\": [\n\(london)\n]\n}\n"),
            (
                "the last line of a stream",
                #"{"message":{"content":"x"},"done":false}"# + "\n"
                    + #"{"message":{"tool_calls":[\#(london)]},"done":true}"#
            ),
            (
                "a stream with empty lines and carriage returns",
                "\r\n" + #"{"message":{"tool_calls":[\#(london)]},"done":false}"# + "\r\n\r\n"
                    + #"{"message":{"content":""},"done":true,"done_reason":"stop"}"# + "\r\n"
            ),
        ]
    )
    func forms(name: String, input: String) throws {
        let result = try dispatch(input)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == #"[{"role":"tool","content":"Rainy","tool_name":"get_conditions"}]"# + "\n")
    }

    @Test("dispatch collects the calls of all lines of a stream, and changes no ids")
    func spreadCalls() throws {
        let lines = [
            #"{"message":{"tool_calls":[{"id":"a","function":{"name":"get_temperature","arguments":{"city":"Tokyo"}}}]},"done":false}"#,
            #"{"message":{"content":"and"},"done":false}"#,
            #"{"message":{"tool_calls":[\#(Self.london),{"id":"a","function":{"name":"typed","arguments":{}}}]},"done":true}"#,
        ]
        let messages = try #require(try dispatch(lines.joined(separator: "\n")).json.array)
        #expect(messages.map { $0["content"]?.string } == ["18C", "Rainy", "{}"])
        #expect(messages.map { $0["tool_call_id"]?.string } == ["a", nil, "a"])
    }

    @Test(
        "dispatch accepts the forms of arguments that models send",
        arguments: [
            (#""arguments":{"s":"x"}"#, #"{"s":"x"}"#), (#""arguments":"{\"s\":\"x\"}""#, #"{"s":"x"}"#),
            (#""arguments":null"#, "{}"), (#""arguments":"""#, "{}"), (#""arguments":" ""#, "{}"),
            (#""index":0"#, "{}"),
            (#""arguments":[1]"#, "of type array; expected a JSON object"),
            (#""arguments":7"#, "of type number; expected a JSON object"),
            (#""arguments":"[1]""#, "are a string; expected a JSON object"),
            (#""arguments":"{""#, "not valid JSON"),
        ]
    )
    func arguments(member: String, words: String) throws {
        let good = #"{"function":{"name":"get_temperature","arguments":{"city":"Tokyo"}}}"#
        let result = try dispatch(Self.message(#"{"function":{"name":"typed",\#(member)}}"#, good))
        #expect(result.status == 0)
        let contents = try result.json.array?.map { $0["content"]?.string ?? "" } ?? []
        #expect(contents.count == 2 && contents[0].contains(words) && contents[1] == "18C", "\(contents)")
    }

    @Test(
        "dispatch does not run the calls of a message that was cut off, and prints results for them",
        arguments: [
            (#"{"message":{"tool_calls":[\#(london)]},"done":false}"#, "ended before the message was complete"),
            (#"{"message":{"tool_calls":[\#(london)]},"done":true,"done_reason":"length"}"#, "cut off at the length"),
        ]
    )
    func cutOff(input: String, words: String) throws {
        let result = try dispatch(input)
        #expect(result.status == 0)
        #expect(result.errors.contains(words))
        #expect(try result.json[pointer: "/0/content"]?.string?.hasPrefix("Not run: ") == true)
        #expect(try dispatch(input, "--fail").status == 1)
    }

    @Test(
        "dispatch names the defect of an invalid input",
        arguments: [
            ("", 2, "the input is empty"), (" \n\n", 2, "the input is empty"),
            (#"{"message":"#, 2, "Line 1 is not valid JSON: expected a value, but the text ends at byte 11"),
            (#"{"done":false}"# + "\n" + #"{"mess"#, 2, "Line 2 is not valid JSON: the text ends inside a string"),
            ("5", 2, "JSON of type number"), ("[]", 2, "JSON of type array"), (#"{"hello":1}"#, 2, "no \"message\""),
            (#"{"error":"model is lost"}"#, 7, "model is lost"),
            (#"{"message":{"tool_calls":[\#(london)]},"done":false}"# + "\n" + #"{"error":"oh no"}"#, 7, "oh no"),
        ] as [(String, Int32, String)]
    )
    func invalidInput(input: String, status: Int32, words: String) throws {
        let result = try dispatch(input)
        #expect(result.status == status)
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("toolhost: ") && result.errors.contains(words), "\(result.errors)")
    }

    @Test(
        "dispatch prints one message for all calls beyond the limit, in each form",
        arguments: [
            { (calls: [String]) in #"{"message":{"tool_calls":[\#(calls.joined(separator: ","))]}}"# },
            { (calls: [String]) in #"{"tool_calls":[\#(calls.joined(separator: ","))]}"# },
            { (calls: [String]) in
                calls.map { #"{"message":{"tool_calls":[\#($0)]},"done":false}"# }.joined(separator: "\n")
                    + #"\#n{"done":true}"#
            },
        ] as [@Sendable ([String]) -> String]
    )
    func surplus(form: @Sendable ([String]) -> String) throws {
        let calls = (0..<300).map {
            #"{"id":"c\#($0)","function":{"name":"get_temperature","arguments":{"city":"Tokyo"}}}"#
        }
        let messages = try #require(try dispatch(form(calls)).json.array)
        #expect(messages.dropLast().map { $0["content"]?.string } == Array(repeating: "18C", count: 128))
        #expect(messages.map { $0["tool_call_id"]?.string } == (0..<129).map { "c\($0)" })
        let sentence = "Not run: at most 128 calls of one message are run, and this one and 171 more after it were not."
        #expect(messages.last?["content"]?.string == sentence + " Call again.")
        #expect(try dispatch(form(calls), "--fail").status == 1)
        let directory = try FixtureDirectory()
        let limits = try directory.file("config.json", #"{"limits":{"calls":2,"result_bytes_per_message":1000}}"#.utf8)
        #expect(try dispatch(form(calls), "--config", limits).json.array?.count == 3)
    }

    @Test("dispatch exits with 0 after errors of tools, and with 1 if --fail is given")
    func failing() throws {
        let error = Self.message(#"{"function":{"name":"outcome","arguments":{"how":"error"}}}"#, Self.london)
        #expect(try dispatch(error).status == 0)
        #expect(try dispatch(error, "--fail").status == 1)
        #expect(try dispatch(Self.message(Self.london), "--fail").status == 0)
        let nothing = try dispatch(#"{"message":{"role":"assistant","content":"Hello"},"done":true}"#)
        #expect(nothing.status == 0 && nothing.output == "[]\n")
    }

    @Test("dispatch reads a file, passes pictures on, and runs the calls in parallel")
    func fileAndPictures() throws {
        let directory = try FixtureDirectory()
        try directory.plugin("meet.so", Fixture.meeting)
        try directory.plugin("outcome.so", Fixture.outcome)
        let file = try directory.file(
            "answer.json",
            Self.message(
                #"{"function":{"name":"meet","arguments":{"name":"Ann"}}}"#,
                #"{"function":{"name":"outcome","arguments":{"how":"image"}}}"#,
                #"{"function":{"name":"meet","arguments":{"name":"Bob"}}}"#
            ).utf8
        )
        let messages = try Command("dispatch", file, plugins: directory).run().json
        #expect(messages[pointer: "/0/content"] == "Ann was met")
        #expect(messages[pointer: "/1/images"] == ["iVBORwD/"])
        #expect(messages[pointer: "/2/content"] == "Bob was met")
        #expect(try Command("dispatch", directory.path + "/gone", plugins: directory).run().status == 74)
    }

    @Test("dispatch coerces unambiguous arguments, and explains invalid ones")
    func coercion() throws {
        let result = try dispatch(
            Self.message(
                #"{"function":{"name":"typed","arguments":{"i":"11434","n":1.50}}}"#,
                #"{"function":{"name":"typed","arguments":{"i":"x","b":"maybe"}}}"#
            )
        )
        #expect(result.status == 0)
        let answers = try #require(result.json.array).map { $0["content"]?.string }
        #expect(answers[0] == #"{"i":11434,"n":1.50}"#)
        #expect(
            answers[1] == """
                The arguments do not fit typed:
                - i: expected an integer, got "x"
                - b: expected true or false, got "maybe"
                """
        )
    }

    @Test("dispatch --json reports the messages and the status of each call")
    func report() throws {
        let report = try dispatch(
            Self.message(
                #"{"function":{"name":"typed","arguments":{"i":"7","other":1}}}"#,
                #"{"function":{"name":"typed","arguments":{"i":"x"}}}"#
            ),
            "--json"
        ).json
        #expect(report[pointer: "/messages/0/content"] == #"{"i":7,"other":1}"#)
        #expect(report[pointer: "/calls/0/status"] == "ok")
        #expect(report[pointer: "/calls/0/arguments"] == ["i": "7", "other": 1])
        #expect(
            report[pointer: "/calls/0/coercions"] == [
                ["path": "/i", "rule": "number_from_text", "from": "7", "to": 7]
            ]
        )
        #expect(report[pointer: "/calls/0/notes/0"]?.string?.contains(#""other""#) == true)
        #expect(report[pointer: "/calls/1/status"] == "invalid_arguments")
        #expect(
            report[pointer: "/calls/1/violations"] == [
                [
                    "path": "/i", "keyword": "type", "schema_path": "/properties/i", "expected": "an integer",
                    "sent": "x",
                ]
            ]
        )
    }
}
