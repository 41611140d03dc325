import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// Functions of plain libraries, which a file makes tools of.
@Suite("A binding", .inBothIsolations, .timeLimit(.minutes(10)))
struct BindingTests {
    /// One call, and what is to come of it: a whole result, or part of an error.
    struct Case: Sendable {
        let tool: String
        let arguments: JSON
        let result: JSON
        let status: ToolStatus

        init(_ tool: String, _ arguments: JSON, _ result: JSON, _ status: ToolStatus = .ok) {
            (self.tool, self.arguments, self.result, self.status) = (tool, arguments, result, status)
        }

        func check(_ answer: ToolResult?) {
            guard let answer else { return #expect(Bool(false), "\(tool) got no answer") }
            #expect(answer.status == status, "\(tool)(\(arguments)): \(answer.text)")
            if status != .ok {
                #expect(answer.text.contains(result.string ?? "?"), "\(tool)(\(arguments)): \(answer.text)")
            } else if result.string == nil {
                #expect((try? JSON(parsing: answer.text)) == result, "\(tool)(\(arguments)): \(answer.text)")
            } else {
                #expect(answer.text == result.string, "\(tool)(\(arguments))")
            }
        }
    }

    private static let library = #"""
        #include <errno.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <string.h>
        #define API __attribute__((visibility("default")))
        API uint32_t sum_bytes(const uint8_t *bytes, uint16_t count) {
            uint32_t sum = 0;
            for (int i = 0; i < count; i++) sum += bytes[i];
            return sum;
        }
        API int reverse(const uint8_t *from, uint64_t count, uint8_t *to, uint32_t *length) {
            if (*length < count) { *length = (uint32_t)count; return -1; }
            for (uint64_t i = 0; i < count; i++) to[i] = from[count - 1 - i];
            *length = (uint32_t)count;
            return 0;
        }
        API int needs(uint8_t *to, uint32_t *length) { (void)to; *length = 1000; return 0; }
        API int64_t squares(const int32_t *from, int32_t count, double *to) {
            for (int i = 0; i < count; i++) to[i] = (double)from[i] * from[i];
            return count;
        }
        API void divide(int32_t a, int32_t b, int32_t *quotient, int32_t *rest) { *quotient = a / b; *rest = a % b; }
        typedef struct { int8_t kind; double x; struct { uint16_t a; uint8_t b; } inner; char name[8]; int32_t color; } point;
        API point mirror(point p) { p.x = -p.x; p.inner.a++; p.name[0] = 'M'; p.color = 2; return p; }
        API double x_of(const point *p) { return p->x + p->kind; }
        API void origin(point *p) { memset(p, 0, sizeof *p); strcpy(p->name, "origin"); }
        typedef struct { float x, y; } pair;
        API pair swap(pair p) { return (pair){ p.y, p.x }; }
        API int32_t next_color(int32_t color) { return color + 1; }
        API int greet(const char *name, char *buffer, size_t size) {
            if (strlen(name) + 7 >= size) { memset(buffer, 'x', size); return 0; }
            strcpy(buffer, "Hello, "); strcat(buffer, name);
            return 0;
        }
        API int twice(const char *text, char **result) {
            *result = malloc(2 * strlen(text) + 1);
            strcpy(*result, text); strcat(*result, text);
            return 0;
        }
        API int blob(uint8_t **bytes, uint64_t *count) { *bytes = malloc(3); memcpy(*bytes, "abc", 3); *count = 3; return 0; }
        API int endless(uint8_t **bytes, int64_t *count) { *bytes = malloc(3); *count = -1; return 0; }
        API int32_t maybe(const char *text) { return text ? (int32_t)strlen(text) : -7; }
        API int32_t opening(const char *mode, int32_t flags) { return mode[0] * 1000 + flags; }
        API int32_t status(int32_t code) { return code; }
        API const char *words(int32_t code) { return code == 3 ? "no such thing" : ""; }
        API int refused(int32_t code, char **message) { if (code) *message = strdup("it does not want to"); return code; }
        static int freed;
        API void release(void *pointer) { freed++; free(pointer); }
        API int32_t released(void) { return freed; }
        typedef struct { int64_t sum; const char *error; } counter;
        static int open_counters;
        API counter *counter_new(int64_t start) {
            if (start == -1) { errno = EPERM; return NULL; }
            counter *c = calloc(1, sizeof *c);
            c->sum = start;
            open_counters++;
            return c;
        }
        API int counter_make(int64_t start, counter **made) {
            *made = counter_new(start);
            if (start > 1000) { (*made)->error = "too much to count"; return 1; }
            return 0;
        }
        API int64_t counter_add(counter *c, int64_t more) { return c->sum += more; }
        API const char *counter_error(counter *c) { return c->error; }
        API int counter_close(counter *c) { open_counters--; free(c); return 0; }
        API int counter_try_close(counter *c) { return c->sum == 5 ? 1 : counter_close(c); }
        API int32_t counters(void) { return open_counters; }
        typedef struct { int32_t x; } box;
        API box *box_new(void) { static box only; return &only; }
        typedef int (*each)(void *context, int32_t index, const char *word, int32_t count, const double *numbers);
        API int32_t visit(int32_t times, each function, void *context) {
            double numbers[] = { 0.5, 1.5 };
            for (int32_t i = 0; i < times; i++) if (function(context, i, i % 2 ? NULL : "even", i % 3, numbers)) return i;
            return times;
        }
        API void plain(int32_t times, void (*function)(uint8_t)) { for (int32_t i = 0; i < times; i++) function((uint8_t)(i * 100)); }
        API int32_t last_byte(const uint8_t bytes[3]) { return bytes[2]; }
        API double last_number(const double numbers[2]) { return numbers ? numbers[1] : -1; }
        API int shout(const char *format, ...) { return (int)strlen(format); }
        """#

    private static let types = #"""
        {
          "color": {"enum": "i32", "values": {"red": 0, "green": 1, "blue": 2}},
          "inner": {"struct": [{"name": "a", "type": "u16"}, {"name": "b", "type": "u8"}], "size": 4},
          "point": {"struct": [
            {"name": "kind", "type": "i8"}, {"name": "x", "type": "f64"}, {"name": "inner", "type": "inner"},
            {"name": "name", "type": "text", "size": 8}, {"name": "color", "type": "color"}], "size": 32},
          "pair": {"struct": [{"name": "x", "type": "f32"}, {"name": "y", "type": "f32"}], "size": 8},
          "large": {"struct": [{"name": "text", "type": "text", "size": 40000}], "size": 40000},
          "counter": {"handle": "counter_close"},
          "box": {"handle": null}
        }
        """#

    /// Name, parameters, and what it returns.
    private static let tools: KeyValuePairs<String, (parameters: String, returns: String)> = [
        "sum_bytes": (
            #"{"name": "bytes", "type": "bytes"}, {"name": "count", "type": "u16", "count_of": "bytes"}"#, #""u32""#
        ),
        "reverse": (
            #"{"name": "bytes", "type": "bytes"}, {"name": "count", "type": "u64", "count_of": "bytes"}, "#
                + #"{"name": "reversed", "type": "bytes", "out": true, "capacity": 4}, "#
                + #"{"name": "length", "type": "u32", "by": "pointer", "count_of": "reversed"}"#,
            #"{"type": "i32", "fails": "negative"}"#
        ),
        "needs": (
            #"{"name": "bytes", "type": "bytes", "out": true, "capacity": 4}, "#
                + #"{"name": "length", "type": "u32", "by": "pointer", "count_of": "bytes"}"#,
            #"{"type": "i32", "fails": "nonzero"}"#
        ),
        "squares": (
            #"{"name": "numbers", "type": "i32[]"}, {"name": "count", "type": "i32", "count_of": "numbers"}, "#
                + #"{"name": "squares", "type": "f64[]", "out": true, "capacity": {"of": "numbers"}}"#,
            #"{"type": "i64", "count_of": "squares"}"#
        ),
        "divide": (
            #"{"name": "a", "type": "i32"}, {"name": "b", "type": "i32"}, "#
                + #"{"name": "quotient", "type": "i32", "out": true}, {"name": "rest", "type": "i32", "out": true}"#,
            #""void""#
        ),
        "mirror": (#"{"name": "point", "type": "point"}"#, #""point""#),
        "x_of": (#"{"name": "point", "type": "point", "by": "pointer"}"#, #""f64""#),
        "origin": (#"{"name": "point", "type": "point", "out": true}"#, #""void""#),
        "swap": (#"{"name": "pair", "type": "pair"}"#, #""pair""#),
        "next_color": (#"{"name": "color", "type": "color"}"#, #""color""#),
        "greet": (
            #"{"name": "name", "type": "text"}, {"name": "greeting", "type": "text", "out": true, "capacity": 16}, "#
                + #"{"name": "size", "type": "u64", "count_of": "greeting"}"#,
            #"{"type": "i32", "fails": "nonzero"}"#
        ),
        "twice": (
            #"{"name": "text", "type": "text"}, {"name": "twice", "type": "text", "out": true, "owner": "release"}"#,
            #"{"type": "i32", "fails": "nonzero"}"#
        ),
        "blob": (
            #"{"name": "bytes", "type": "bytes", "out": true, "owner": "free"}, "#
                + #"{"name": "count", "type": "u64", "by": "pointer", "count_of": "bytes"}"#,
            #"{"type": "i32", "fails": "nonzero"}"#
        ),
        "endless": (
            #"{"name": "bytes", "type": "bytes", "out": true, "owner": "free"}, "#
                + #"{"name": "count", "type": "i64", "by": "pointer", "count_of": "bytes"}"#,
            #"{"type": "i32", "fails": "nonzero"}"#
        ),
        "maybe": (#"{"name": "text", "type": "text", "optional": true}"#, #""i32""#),
        "opening": (
            #"{"name": "mode", "type": "text", "value": "r"}, {"name": "flags", "type": "i32", "value": 42}"#, #""i32""#
        ),
        "status": (
            #"{"name": "code", "type": "i32"}"#,
            #"{"type": "i32", "fails": {"unless": [0, 7]}, "message": {"symbol": "words", "of": "result"}}"#
        ),
        "refused": (
            #"{"name": "code", "type": "i32"}, {"name": "why", "type": "text", "out": true, "owner": "release"}"#,
            #"{"type": "i32", "fails": "nonzero", "message": {"parameter": "why"}}"#
        ),
        "released": ("", #""i32""#),
        "counter_new": (
            #"{"name": "start", "type": "i64"}"#, #"{"type": "counter", "fails": "null"}"#
        ),
        "counter_make": (
            #"{"name": "start", "type": "i64"}, {"name": "made", "type": "counter", "out": true}"#,
            #"{"type": "i32", "fails": "nonzero", "message": {"symbol": "counter_error", "of": "made"}}"#
        ),
        "counter_add": (#"{"name": "counter", "type": "counter"}, {"name": "more", "type": "i64"}"#, #""i64""#),
        "counter_try_close": (
            #"{"name": "counter", "type": "counter", "closes": true}"#, #"{"type": "i32", "fails": "nonzero"}"#
        ),
        "counters": ("", #""i32""#),
        "box_new": ("", #""box""#),
        "visit": (
            #"{"name": "times", "type": "i32"}, {"name": "visits", "collect": {"returns": "i32", "parameters": ["#
                + #"{"name": "context", "type": "pointer"}, {"name": "index", "type": "i32"}, "#
                + #"{"name": "word", "type": "text"}, {"name": "count", "type": "i32", "count_of": "numbers"}, "#
                + #"{"name": "numbers", "type": "f64[]"}]}}, {"name": "context", "type": "pointer", "value": null}"#,
            #""i32""#
        ),
        "last_byte": (#"{"name": "bytes", "type": "bytes", "size": 3, "description": "Three"}"#, #""i32""#),
        "last_number": (#"{"name": "numbers", "type": "f64[]", "size": 2, "optional": true}"#, #""f64""#),
        "plain": (
            #"{"name": "times", "type": "i32"}, "#
                + #"{"name": "bytes", "collect": {"parameters": [{"name": "byte", "type": "u8"}]}}"#,
            #""void""#
        ),
    ]

    private static func binding(
        _ tools: KeyValuePairs<String, (parameters: String, returns: String)> = tools,
        library: String = "./libthings.so",
        types: String = types,
        name: String = "things"
    ) -> String {
        let tools = tools.map {
            #"{"name": "\#($0.key)", "description": "", "parameters": [\#($0.value.parameters)], "returns": \#($0.value.returns)}"#
        }
        return
            #"{"toolhost": 1, "plugin": {"name": "\#(name)"}, "library": "\#(library)", "types": \#(types), "tools": [\#(tools.joined(separator: ",\n"))]}"#
    }

    private func directory(_ binding: String = Self.binding()) throws -> FixtureDirectory {
        let directory = try FixtureDirectory()
        try directory.plugin("libthings.so", Self.library)
        try directory.file("things.tool.json", binding.utf8)
        return directory
    }

    private func fixture(_ binding: String = Self.binding()) async throws -> HostFixture {
        let fixture = try await HostFixture.make(directory(binding))
        #expect(fixture.breakage("things.tool.json") == nil)
        #expect(fixture.host.plugins.filter { $0.file.hasSuffix(".json") }.flatMap(\.problems) == [])
        return fixture
    }

    static let point: JSON = [
        "kind": 1, "x": 2.5, "inner": ["a": 7, "b": 8], "name": "Point", "color": "red",
    ]

    static let cases: [Case] = [
        Case("sum_bytes", ["bytes": "AQID"], 6), Case("sum_bytes", ["bytes": ""], 0),
        Case("sum_bytes", ["bytes": "/w"], 255), Case("sum_bytes", ["bytes": "AQI="], 3),
        Case("sum_bytes", ["bytes": "A"], "bytes: expected bytes in base64", .invalidArguments),
        Case("sum_bytes", ["bytes": "A=="], "bytes: expected bytes in base64, got \"", .invalidArguments),
        Case("sum_bytes", ["bytes": "AR=="], "bytes: expected bytes in base64, got \"", .invalidArguments),
        Case("sum_bytes", ["bytes": "A%ID"], "bytes: expected bytes in base64, got \"", .invalidArguments),
        Case(
            "sum_bytes",
            ["bytes": .string(String(repeating: "AAAA", count: 30_000))],
            "bytes: 90000 elements are more than sum_bytes takes",
            .invalidArguments
        ),
        Case("reverse", ["bytes": "AQID"], ["reversed": "AwIB", "result": 0]),
        Case("reverse", ["bytes": "AQIDBA=="], ["reversed": "BAMCAQ==", "result": 0]),
        Case("reverse", ["bytes": "AQIDBAU="], "reverse failed: it gave -1", .toolError),
        Case("needs", [:], "bytes needs room for 1000 elements, and has it for 4", .toolError),
        Case("squares", ["numbers": [1, -2, 3]], ["squares": [1, 4, 9]]),
        Case("squares", ["numbers": []], ["squares": []]),
        Case("squares", ["numbers": [1, 2_147_483_648]], "numbers[1]: expected at most 2147483647", .invalidArguments),
        Case("divide", ["a": 17, "b": 5], ["quotient": 3, "rest": 2]),
        Case("divide", ["a": 17], "b: missing, expected an integer", .invalidArguments),
        Case(
            "mirror",
            ["point": point],
            ["kind": 1, "x": -2.5, "inner": ["a": 8, "b": 8], "name": "Moint", "color": "blue"]
        ),
        Case(
            "mirror",
            ["point": ["kind": 128, "x": 0, "inner": ["a": 0, "b": 0], "name": "", "color": "red"]],
            "point.kind: expected at most 127, got 128",
            .invalidArguments
        ),
        Case(
            "mirror",
            ["point": ["kind": 0, "x": 0, "inner": ["a": 0, "b": 0], "name": "too long", "color": "red"]],
            "point.name: expected a text of at most 7 bytes",
            .invalidArguments
        ),
        Case(
            "mirror",
            ["point": ["kind": 0, "x": 0, "inner": ["a": 0, "b": 0], "name": "", "color": "pink"]],
            "point.color: expected one of \"red\", \"green\" or \"blue\", got \"pink\"",
            .invalidArguments
        ),
        Case("mirror", ["point": ["kind": 0]], "point.x: missing", .invalidArguments),
        Case("x_of", ["point": point], 3.5),
        Case(
            "origin",
            [:],
            ["point": ["kind": 0, "x": 0, "inner": ["a": 0, "b": 0], "name": "origin", "color": "red"]]
        ),
        Case("swap", ["pair": ["x": 0.5, "y": -1]], ["x": -1, "y": 0.5]),
        Case("next_color", ["color": "red"], "green"), Case("next_color", ["color": "blue"], 3),
        Case("next_color", ["color": 0], "color: expected a string, got 0", .invalidArguments),
        Case("greet", ["name": "Ada"], ["greeting": "Hello, Ada"]),
        Case("greet", ["name": "Charles Babbage"], "greeting needs room for more than 16 bytes", .toolError),
        Case("twice", ["text": "ab"], ["twice": "abab"]), Case("released", [:], 1),
        Case("blob", [:], ["bytes": "YWJj"]),
        Case("endless", [:], "It gave -1 elements", .toolError),
        Case("maybe", ["text": "four"], 4), Case("maybe", [:], -7),
        Case("opening", [:], .int(114_042)),
        Case("status", ["code": 7], 7), Case("status", ["code": 3], "status failed: no such thing (3).", .toolError),
        Case("status", ["code": 4], "status failed: it gave 4.", .toolError),
        Case("refused", ["code": 0], "null"),
        Case("refused", ["code": 2], "refused failed: it does not want to (2).", .toolError),
        Case("released", [:], 2),
        Case("visit", ["times": 0], ["visits": [], "result": 0]),
        Case(
            "visit",
            ["times": 3],
            [
                "visits": [
                    ["index": 0, "word": "even", "numbers": []], ["index": 1, "word": nil, "numbers": [0.5]],
                    ["index": 2, "word": "even", "numbers": [0.5, 1.5]],
                ], "result": 3,
            ]
        ),
        Case("visit", ["times": 200_000], "more than 100000 elements", .toolError),
        Case("plain", ["times": 3], ["bytes": [0, 100, 200]]),
        Case("last_byte", ["bytes": "AQID"], 3),
        Case("last_byte", ["bytes": "AQI="], "bytes: expected 3 bytes, got 2", .invalidArguments),
        Case("last_byte", ["bytes": "AQIDBA=="], "bytes: expected 3 bytes, got 4", .invalidArguments),
        Case("last_number", ["numbers": [1, 2.5]], 2.5), Case("last_number", [:], -1),
        Case("last_number", ["numbers": [1]], "numbers", .invalidArguments),
        Case("last_number", ["numbers": [1, 2, 3]], "numbers", .invalidArguments),
    ]

    @Test("passes every type there and back, and refuses what does not fit before anything is called")
    func calls() async throws {
        let fixture = try await fixture()
        for test in Self.cases {
            test.check(await fixture.host.dispatch([ToolCall(name: test.tool, arguments: test.arguments)]).first)
        }
    }

    @Test("keeps handles from call to call, each good for its kind, its process and as long as it is open")
    func keepsHandles() async throws {
        let fixture = try await fixture()
        func call(_ tool: String, _ arguments: JSON = [:]) async throws -> ToolResult {
            try #require(await fixture.host.dispatch([ToolCall(name: tool, arguments: arguments)]).first)
        }
        let first = try await call("counter_new", ["start": 40]).text
        #expect(first.hasPrefix("counter-1-"), "\(first)")
        let made = try JSON(parsing: try await call("counter_make", ["start": 3]).text)
        let second = try #require(made["made"]?.string)
        #expect(try await call("counter_add", ["counter": .string(first), "more": 2]).text == "42")
        #expect(try await call("counter_add", ["counter": .string(second), "more": 2]).text == "5")
        #expect(try await call("counters").text == "2")

        // What the library says cannot be closed stays open.
        let busy = try await call("counter_try_close", ["counter": .string(second)])
        #expect(busy.status == .toolError)
        #expect(try await call("counter_add", ["counter": .string(second), "more": 1]).text == "6")
        #expect(try await call("counter_try_close", ["counter": .string(second)]).status == .ok)
        #expect(try await call("counters").text == "1")

        let box = try await call("box_new").text
        #expect(try await call("box_new").text == box)
        let mark = first.dropFirst("counter-1-".count)
        for (text, words) in [
            (second, "has been closed"), (box, "is a box handle, and a counter handle is needed"),
            ("counter-99-\(mark)", "has been closed"), ("counter-1-0", "of another process"),
            ("0x7fff0000", "is no counter handle"), ("", "is no counter handle"),
            ("box-1-\(mark)", "is a box handle"), ("counter--1-\(mark)", "is no counter handle"),
        ] {
            let answer = try await call("counter_add", ["counter": .string(text), "more": 1])
            #expect(answer.status == .invalidArguments && answer.text.contains(words), "\(text): \(answer.text)")
        }

        let refused = try await call("counter_new", ["start": -1])
        #expect(refused.status == .toolError && refused.text.contains("Operation not permitted"), "\(refused.text)")
        // A handle that comes with a failure is nobody's, and is closed once it has said what is wrong.
        let failed = try await call("counter_make", ["start": 2000])
        #expect(failed.status == .toolError && failed.text.contains("too much to count (1)"), "\(failed.text)")
        #expect(try await call("counters").text == "1")
    }

    @Test("keeps no more handles than 1024, and closes those that it does not keep")
    func limitsHandles() async throws {
        let fixture = try await fixture()
        let calls = (0..<1030).map { ToolCall(name: "counter_new", arguments: ["start": .int($0)]) }
        var answers: [ToolResult] = []
        for start in stride(from: 0, to: calls.count, by: 50) {
            answers += await fixture.host.dispatch(Array(calls[start..<min(start + 50, calls.count)]))
        }
        #expect(answers.count { $0.status == .ok } == 1024)
        #expect(answers.last?.text.contains("1024 handles are open") == true, "\(answers.last?.text ?? "")")
        #expect(await fixture.call("counters")?.text == "1024")
    }

    @Test("that is wrong is told where, and harms no other tool", arguments: BindingFault.all)
    func isChecked(fault: BindingFault) async throws {
        let directory = try directory(Self.binding(["broken": (fault.parameters, fault.returns)]))
        try directory.file("other.tool.json", Self.binding(["counters": ("", #""i32""#)], name: "other").utf8)
        let fixture = try await HostFixture.make(directory)
        let report = try #require(fixture.host.plugins.first { $0.file.hasSuffix("things.tool.json") })
        let reason = fixture.breakage("things.tool.json") ?? report.problems.joined()
        #expect(reason.contains(fault.words), "\(fault.parameters) \(fault.returns): \(reason)")
        #expect(await fixture.call("counters")?.text == "0")
    }

    @Test(
        "offers its other tools where one is wrong, and reports that one with its place",
        arguments: [
            (#""not an object""#, "tools[1] must be an object"),
            (#"{"symbol": "counters", "description": "", "returns": "i32"}"#, "tools[1].name is missing"),
            (#"{"name": 7, "description": "", "returns": "i32"}"#, "tools[1].name must be a text"),
            (#"{"name": "bad", "returns": "i32"}"#, "tools[1].description is missing"),
            (#"{"name": "bad", "description": "", "return": "i32"}"#, "tools[1].return is unknown here"),
            (#"{"name": "bad", "description": "", "returns": "int"}"#, "tools[1].returns is \"int\"; known are"),
            (
                #"{"name": "bad", "description": "", "parameters": {"name": "a"}, "returns": "i32"}"#,
                "tools[1].parameters must be an array"
            ),
            (#"{"name": "bad", "symbol": "no_such", "description": "", "returns": "i32"}"#, "has no function no_such"),
            (#"{"name": "bad", "description": "", "returns": "i32", "undecided": "?"}"#, "must be an array of texts"),
            (#"{"name": "bad", "description": "", "returns": "i32", "concurrent": 1}"#, "must be true or false"),
        ]
    )
    func offersOthers(tool: String, words: String) async throws {
        let good = #"{"name": "counters", "description": "", "returns": "i32"}"#
        let last = #"{"name": "counted", "symbol": "counters", "description": "", "returns": "i32"}"#
        let text =
            #"{"toolhost": 1, "plugin": {"name": "things"}, "library": "./libthings.so", "tools": [\#(good), \#(tool), \#(last)]}"#
        let fixture = try await HostFixture.make(directory(text))
        #expect(fixture.breakage("things.tool.json") == nil)
        #expect(await fixture.call("counters")?.text == "0")
        #expect(await fixture.call("counted")?.text == "0")
        let report = try #require(fixture.host.plugins.first { $0.file.hasSuffix("things.tool.json") })
        #expect(report.problems.count == 1 && report.problems[0].contains(words), "\(report.problems)")
        #expect(report.problems[0].contains("number 2 is not offered"), "\(report.problems)")
    }

    @Test(
        "offers its other tools where a type is wrong, and reports the tools that use the type",
        arguments: [
            (
                #""a": {"struct": [{"name": "b", "type": "i32"}], "size": 8}"#,
                "types.a.size is 8, and its fields take 4 bytes on this machine"
            ),
            (#""a": {"enum": "f64", "values": {"b": 1}}"#, "types.a.enum must be the integer type"),
            (#""a": {"enum": "u8", "values": {"b": 256}}"#, "types.a.values.b must be an integer from 0 to 255"),
            (#""a": {"enum": "u8", "values": {}}"#, "types.a.values is empty"),
            (#""a": {"handel": null}"#, "types.a.handel is unknown here"),
            (#""a": 7"#, "types.a must be an object"),
            (#""a": {"struct": [{"name": "b", "type": "c"}], "size": 8}"#, "is \"c\"; known are"),
            (
                #""b": {"struct": [], "size": 0}, "a": {"struct": [{"name": "b", "type": "b"}], "size": 8}"#,
                "types.b.struct must have from 1 to 256 fields"
            ),
        ]
    )
    func offersOtherTypes(types: String, words: String) async throws {
        let text = Self.binding(
            ["counters": ("", #""i32""#), "status": (#"{"name": "code", "type": "a"}"#, #""i32""#)],
            types: "{\(types)}"
        )
        let fixture = try await HostFixture.make(directory(text))
        #expect(await fixture.call("counters")?.text == "0")
        let report = try #require(fixture.host.plugins.first { $0.file.hasSuffix("things.tool.json") })
        #expect(report.problems.count == 1 && report.problems[0].contains(words), "\(report.problems)")
    }

    @Test(
        "is no binding without its parts",
        arguments: [
            ("", "It is not JSON"), ("[]", "It must be an object"), ("{}", "toolhost is missing"),
            (#"{"toolhost": 2}"#, "reads 1"), (#"{"toolhost": 1}"#, "plugin is missing"),
            (#"{"toolhost": 1, "plugin": {"name": "a"}}"#, "library is missing"),
            (#"{"toolhost": 1, "plugin": {"name": "a"}, "library": ""}"#, "\"library\" is empty"),
            (#"{"toolhost": 1, "plugin": {"name": "a"}, "library": "libm.so.6"}"#, "Has no tools"),
            (
                #"{"toolhost": 1, "plugin": {"name": "a"}, "library": "libm.so.6", "tools": [{"name": "b", "undecided": ["Who frees it?"]}]}"#,
                "it has one that is not decided yet"
            ),
            (binding(library: "libnowhere.so.9"), "the library libnowhere.so.9"),
            (binding(library: "./nowhere.so"), "The library "),
            (
                #"{"toolhost": 1, "plugin": {"name": ""}, "library": "libm.so.6", "tools": [{"name": "exp", "description": "", "parameters": [{"name": "x", "type": "f64"}], "returns": "f64"}]}"#,
                "\"name\" must be"
            ),
        ]
    )
    func hasParts(text: String, words: String) async throws {
        let fixture = try await HostFixture.make(directory(text))
        let reason = try #require(fixture.breakage("things.tool.json"))
        #expect(reason.contains(words), "\(reason)")
    }

    @Test(
        "is code: neither it nor its library may be one that others can replace",
        arguments: ["things.tool.json", "libthings.so"]
    )
    func isCode(name: String) async throws {
        let directory = try directory()
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: directory.path + "/" + name)
        let reason = try #require(try await HostFixture.make(directory).breakage("things.tool.json"))
        #expect(reason.contains("chmod go-w"), "\(reason)")
    }
}
