import Testing
import ToolJSON
import ToolRuntime

/// Texts, bytes and arrays: who counts them, where they end, and how long they may be.
@Suite("What has elements in C", .timeLimit(.minutes(10)))
struct ForeignTextTests {
    // Nothing that is counted ends with a zero, and behind it stands what must not be seen.
    private static let source = #"""
        static char *copy(const char *text, size_t count) {
            char *made = malloc(count);
            return memcpy(made, text, count);
        }
        const char *say(const char *text) { static char kept[64]; return strncpy(kept, text, sizeof kept - 1); }
        char *say_owned(const char *text) { return copy(text, strlen(text) + 1); }
        void say_out(const char *text, char **out) { *out = copy(text, strlen(text) + 1); }
        void slice(const char **out, size_t *count) { *out = "abcdefXYZ" + 2; *count = 3; }
        int32_t taken(char **out) { *out = copy("abc", 3); return 3; }
        char *head(uint16_t *count) { *count = 2; return copy("ab", 2); }
        uint8_t *blob(int32_t size, int32_t *count) {
            *count = size;
            return size == 7 ? NULL : memset(malloc(size > 0 ? (size_t)size : 1), 'x', size > 0 ? (size_t)size : 1);
        }
        void numbers(int32_t size, double **out, uint8_t *count) {
            *out = calloc((size_t)size, sizeof **out);
            for (int32_t i = 0; i < size; i++) (*out)[i] = i / 2.0;
            *count = (uint8_t)size;
        }
        void words(void (*each)(const char *, int8_t)) { each("onetwo", 3); each("two", 2); each("", 0); each(NULL, 0); }
        void pieces(void (*each)(const uint8_t *, uint32_t)) { each((const uint8_t *)"\xff\0x", 2); }
        void lies(void (*each)(const char *, int32_t)) { each("x", -1); }
        int32_t greet(const char *name, char *buffer, size_t size) {
            if (strlen(name) + 7 > size) { memset(buffer, 'x', size); return 0; }
            memcpy(buffer, "Hello, ", 7);
            if (strlen(name) + 7 < size) strcpy(buffer + 7, name); else memcpy(buffer + 7, name, size - 7);
            return 0;
        }
        void put(const char *text, char *buffer, uint32_t *count) {
            if (strlen(text) <= *count) memcpy(buffer, text, strlen(text));
            *count = (uint32_t)strlen(text);
        }
        void fill(int32_t *out, int64_t count) { for (int64_t i = 0; i < count; i++) out[i] = (int32_t)i; }
        void fill_some(int32_t *out, uint16_t *count) { if (*count > 2) *count = 2; for (int i = 0; i < *count; i++) out[i] = i; }
        void double_room(const char *text, char *out) { while (*text) { *out++ = *text; *out++ = *text++; } *out = 0; }
        const char *invalid(void) { return "caf\xe9"; }
        void invalid_out(char *out) { strcpy(out, "\xc0\x80"); }
        void invalid_each(void (*each)(const char *)) { each("\xed\xa0\x80"); }
        typedef struct { char name[4]; uint8_t last; } tag;
        tag same_tag(tag v) { return v; }
        tag full_tag(void) { return (tag){ { 'a', 'b', 'c', 'd' }, 7 }; }
        tag invalid_tag(void) { return (tag){ "\xff", 0 }; }
        char *long_text(int32_t count) {
            char *made = memset(malloc((size_t)count + 1), 'x', (size_t)count);
            made[count] = 0;
            return made;
        }
        void flood(int32_t times, int32_t (*each)(const char *)) { while (times--) if (each("0123456789a")) return; }
        void flood_numbers(int32_t times, void (*each)(int32_t)) { while (times--) each(times); }
        int32_t length(const char *text, const char *other) { return text ? (int32_t)strlen(text) : -1; }
        """#

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
        ("say", ["text": "a\0b"], "text: a text with a zero character cannot be handed to C"),
        ("say", ["text": 5], "text: expected a text, got 5"), ("say", [:], "text: expected a text, and it is missing"),
        ("blob", ["size": -1], "It gave -1 elements."), ("blob", ["size": 7], "blob gave nothing (NULL)."),
        ("lies", [:], "It gave -1 elements."),
        // What does not end within its room would be read beyond it.
        ("greet", ["text": "Ada"], "out needs room for more than 10 bytes."),
        ("greet", ["text": "Charles"], "out needs room for more than 10 bytes."),
        ("put", ["text": "abcdef"], "out needs room for 6 elements, and has it for 5."),
        ("fill", ["n": -1], "n: expected a number of elements, got -1"),
        ("fill", ["n": 16_777_217], "out: there is no room for as many elements; ask for less"),
        ("fill", ["n": .int(Int64.max)], "out: there is no room for as many elements; ask for less"),
        ("fill", ["n": "3"], "n: expected an integer from"), ("invalid", [:], "It gave a text that is not UTF-8"),
        ("invalid_out", [:], "It gave a text that is not UTF-8"),
        ("invalid_each", [:], "It gave a text that is not UTF-8"),
        ("invalid_tag", [:], "It gave a text that is not UTF-8"),
        ("same_tag", ["tag": ["name": "abcd", "last": 0]], "tag.name: expected a text of at most 3 bytes"),
        ("same_tag", ["tag": ["name": "a\0b", "last": 0]], "tag.name: expected a text of at most 3 bytes"),
        ("same_tag", ["tag": ["name": "a"]], "tag.last: it is missing"),
        ("same_tag", ["tag": ["name": "a", "last": 0, "more": 1]], "tag.more: tag has no such field"),
        ("same_tag", ["tag": []], "tag: expected an object, got []"),
        ("long_text", ["size": 1_000_001], "It gave more than 1000000 bytes; ask for less."),
        ("blob", ["size": 1_000_001], "It gave more than 1000000 bytes; ask for less."),
        ("flood", ["size": 100_000], "It gave more than 1000000 bytes; ask for less."),
        ("flood_numbers", ["size": 100_001], "It gave more than 100000 elements; ask for less."),
    ]

    @Test("is as long as its count says or its end shows, and no more is read or written")
    func counts() throws {
        let fixture = try ForeignFixture(Self.source, types: Self.types, Self.tools)
        #expect(fixture.faults == [:])
        for (tool, arguments, expected) in Self.results {
            let result = fixture.call(tool, arguments, limit: 1_000_000)
            #expect(result.value == expected, "\(tool)(\(arguments)): \(result)")
        }
        for (tool, arguments, words) in Self.faults {
            let result = fixture.call(tool, arguments, limit: 1_000_000)
            #expect(result.words.hasPrefix(words), "\(tool)(\(arguments)): \(result)")
        }
        // All that it may give, and not a byte less.
        #expect(fixture.call("long_text", ["size": 1_000_000], limit: 1_000_000).value?.string?.utf8.count == 1_000_000)
    }

    @Test("gives no more values than memory has room for, however small they are")
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
        #expect(result.words == "It gave more than 1000000 values; ask for less.", "\(result.words)")
    }
}
