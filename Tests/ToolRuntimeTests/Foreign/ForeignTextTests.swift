import TestSupport
import Testing
import ToolJSON
import ToolRuntime

/// Tests of the length of strings, bytes and arrays.
@Suite("Elements of C values", .timeLimit(.minutes(10)))
struct ForeignTextTests {
    private static let tools: ForeignFixture.Tools = [
        ("say", text, #""text""#), ("say_owned", text, #"{"type": "text", "owner": "free"}"#),
        ("say_out", text + #", {"name": "out", "type": "text", "out": true, "owner": "free"}"#, #""void""#),
        ("slice", #"{"name": "out", "type": "text", "out": true}, "# + count("out", "u64"), #""void""#),
        (
            "taken", #"{"name": "out", "type": "text", "out": true, "owner": "free"}"#,
            #"{"type": "i32", "count_of": "out"}"#
        ),
        ("head", count("result", "u16"), #"{"type": "text", "owner": "free"}"#),
        ("blob", size + ", " + count("result", "i32"), #"{"type": "bytes", "owner": "free"}"#),
        (
            "numbers",
            size + #", {"name": "out", "type": "f64[]", "out": true, "owner": "free"}, "# + count("out", "u8"),
            #""void""#
        ),
        ("words", collector("text", "i8"), #""void""#), ("pieces", collector("bytes", "u32"), #""void""#),
        ("lies", collector("text", "i32"), #""void""#),
        (
            "greet",
            text + #", {"name": "out", "type": "text", "out": true, "capacity": 10}, "#
                + #"{"name": "room", "type": "u64", "count_of": "out"}"#, #"{"type": "i32", "fails": "nonzero"}"#
        ),
        (
            "put", text + #", {"name": "out", "type": "text", "out": true, "capacity": 5}, "# + count("out", "u32"),
            #""void""#
        ),
        (
            "fill",
            #"{"name": "out", "type": "i32[]", "out": true, "capacity": {"of": "n"}}, {"name": "n", "type": "i64"}"#,
            #""void""#
        ),
        (
            "fill_some",
            #"{"name": "out", "type": "i32[]", "out": true, "capacity": {"of": "n"}}, "#
                + #"{"name": "n", "type": "u16", "by": "pointer"}"#, #""void""#
        ),
        (
            "double_room",
            text
                + #", {"name": "out", "type": "text", "out": true, "capacity": {"of": "text", "times": 2, "plus": 1}}"#,
            #""void""#
        ),
        ("invalid", "", #""text""#),
        ("invalid_out", #"{"name": "out", "type": "text", "out": true, "capacity": 5}"#, #""void""#),
        ("invalid_each", #"{"name": "f", "collect": {"parameters": [{"name": "s", "type": "text"}]}}"#, #""void""#),
        ("same_tag", #"{"name": "tag", "type": "tag"}"#, #""tag""#), ("full_tag", "", #""tag""#),
        ("invalid_tag", "", #""tag""#), ("long_text", size, #"{"type": "text", "owner": "free"}"#),
        (
            "flood",
            size + #", {"name": "f", "collect": {"returns": "i32", "parameters": [{"name": "s", "type": "text"}]}}"#,
            #""void""#
        ),
        (
            "flood_numbers", size + #", {"name": "f", "collect": {"parameters": [{"name": "n", "type": "i32"}]}}"#,
            #""void""#
        ),
        (
            "length",
            #"{"name": "text", "type": "text", "optional": true}, {"name": "b", "type": "text", "value": "b"}"#,
            #""i32""#
        ),
    ]

    private static let text = #"{"name": "text", "type": "text"}"#
    private static let size = #"{"name": "size", "type": "i32"}"#

    private static func count(_ counted: String, _ type: String) -> String {
        #"{"name": "count", "type": "\#(type)", "by": "pointer", "count_of": "\#(counted)"}"#
    }

    private static func collector(_ type: String, _ count: String) -> String {
        #"{"name": "f", "collect": {"parameters": [{"name": "s", "type": "\#(type)"}, "#
            + #"{"name": "n", "type": "\#(count)", "count_of": "s"}]}}"#
    }

    private static let types = #"""
        {"tag": {"struct": [{"name": "name", "type": "text", "size": 4}, {"name": "last", "type": "u8"}], "size": 5}}
        """#

    private static let results: [(tool: String, arguments: JSON, result: JSON)] = [
        ("say", ["text": "é🎈"], "é🎈"), ("say_owned", ["text": ""], ""), ("say_out", ["text": "ab"], ["out": "ab"]),
        ("slice", [:], ["out": "cde"]), ("taken", [:], ["out": "abc"]), ("head", [:], "ab"),
        ("blob", ["size": 3], "eHh4"), ("blob", ["size": 0], ""), ("numbers", ["size": 0], ["out": []]),
        ("numbers", ["size": 3], ["out": [0, 0.5, 1]]), ("words", [:], ["f": ["one", "tw", "", nil]]),
        ("pieces", [:], ["f": ["/wA="]]), ("greet", ["text": "Al"], ["out": "Hello, Al"]),
        ("put", ["text": "abc"], ["out": "abc"]), ("put", ["text": "abcde"], ["out": "abcde"]),
        ("put", ["text": ""], ["out": ""]), ("fill", ["n": 3], ["out": [0, 1, 2]]), ("fill", ["n": 0], ["out": []]),
        ("fill_some", ["n": 5], ["out": [0, 1, 0, 0, 0]]), ("double_room", ["text": "abc"], ["out": "aabbcc"]),
        ("same_tag", ["tag": ["name": "abc", "last": 255]], ["name": "abc", "last": 255]),
        ("full_tag", [:], ["name": "abcd", "last": 7]), ("flood", ["size": 2], ["f": ["0123456789a", "0123456789a"]]),
        ("length", [:], -1), ("length", ["text": nil], -1), ("length", ["text": "four"], 4),
    ]

    private static let faults: [(tool: String, arguments: JSON, words: String)] = [
        ("say", ["text": "a\0b"], "text: a string with a null character cannot be passed to C"),
        ("say", ["text": 5], "text: expected a string, got 5"),
        ("say", [:], "text: expected a string, but it is missing"),
        ("blob", ["size": -1], "The function returned a count of -1 elements."),
        ("blob", ["size": 7], "blob returned NULL."),
        ("lies", [:], "The function returned a count of -1 elements."),
        // A string without an end in its buffer must not be read beyond the buffer.
        ("greet", ["text": "Ada"], "out needs room for more than 10 bytes."),
        ("greet", ["text": "Charles"], "out needs room for more than 10 bytes."),
        ("put", ["text": "abcdef"], "out needs room for 6 elements, but its capacity is 5."),
        ("fill", ["n": -1], "n: expected a number of elements, got -1"),
        ("fill", ["n": 16_777_217], "out: too many elements are requested; request fewer"),
        ("fill", ["n": .int(Int64.max)], "out: too many elements are requested; request fewer"),
        ("fill", ["n": "3"], "n: expected an integer from"),
        ("invalid", [:], "The function returned a string that is not UTF-8"),
        ("invalid_out", [:], "The function returned a string that is not UTF-8"),
        ("invalid_each", [:], "The function returned a string that is not UTF-8"),
        ("invalid_tag", [:], "The function returned a string that is not UTF-8"),
        ("same_tag", ["tag": ["name": "abcd", "last": 0]], "tag.name: expected a string of at most 3 bytes"),
        ("same_tag", ["tag": ["name": "a\0b", "last": 0]], "tag.name: expected a string of at most 3 bytes"),
        ("same_tag", ["tag": ["name": "a"]], "tag.last: missing"),
        ("same_tag", ["tag": ["name": "a", "last": 0, "more": 1]], "tag.more: tag has no such field"),
        ("same_tag", ["tag": []], "tag: expected an object, got []"),
        ("long_text", ["size": 1_000_001], "The function returned more than 1000000 bytes. Ask for less."),
        ("blob", ["size": 1_000_001], "The function returned more than 1000000 bytes. Ask for less."),
        ("flood", ["size": 100_000], "The function returned more than 1000000 bytes. Ask for less."),
        ("flood_numbers", ["size": 100_001], "The function returned more than 100000 elements. Ask for less."),
    ]

    @Test("a value has the length of its count or its terminator, and nothing beyond it is read or written")
    func counts() throws {
        let fixture = try ForeignFixture(FixtureSource.file("elements.c"), types: Self.types, Self.tools)
        #expect(fixture.faults == [:])
        for (tool, arguments, expected) in Self.results {
            let result = fixture.call(tool, arguments, limit: 1_000_000)
            #expect(result.value == expected, "\(tool)(\(arguments)): \(result)")
        }
        for (tool, arguments, words) in Self.faults {
            let result = fixture.call(tool, arguments, limit: 1_000_000)
            #expect(result.words.hasPrefix(words), "\(tool)(\(arguments)): \(result)")
        }
        // Exactly the limit.
        #expect(fixture.call("long_text", ["size": 1_000_000], limit: 1_000_000).value?.string?.utf8.count == 1_000_000)
    }

    @Test("the number of values is limited, even if they are empty")
    func isBounded() throws {
        let fixture = try ForeignFixture(
            """
            void many(int32_t times, int32_t (*each)(int32_t, const char **, const char **)) {
                static const char *names[100], *values[100];
                for (int i = 0; i < 100; i++) names[i] = "";
                while (times--) if (each(100, values, names)) return;
            }
            """,
            [
                (
                    "many",
                    #"{"name": "times", "type": "i32"}, {"name": "rows", "collect": {"returns": "i32", "parameters": ["#
                        + #"{"name": "count", "type": "i32", "count_of": ["values", "names"]}, "#
                        + #"{"name": "values", "type": "text[]"}, {"name": "names", "type": "text[]"}], "#
                        + #""element": {"keys": "names", "values": "values"}}}"#, #""void""#
                )
            ]
        )
        let row = try #require(fixture.call("many", ["times": 1]).value?["rows"]?.array?.first?.object)
        #expect(row.count == 100 && row.keys.prefix(3) == ["", "_2", "_3"])
        let result = fixture.call("many", ["times": 50_000], limit: 1 << 30)
        #expect(result.words == "The function returned more than 1000000 values. Ask for less.", "\(result.words)")
    }
}
