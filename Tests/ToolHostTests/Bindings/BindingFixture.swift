import TestSupport
import Testing
import ToolHost

/// A binding of the library `things.c`.
enum BindingFixture {
    typealias Tools = KeyValuePairs<String, (parameters: String, returns: String)>

    static let types = #"""
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

    /// The parameters and the result of each tool, as JSON.
    static let tools: Tools = [
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

    /// Returns a binding as JSON.
    static func binding(
        _ tools: Tools = tools,
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

    /// Creates a directory with the library and a binding.
    static func directory(_ binding: String = binding()) throws -> FixtureDirectory {
        let directory = try FixtureDirectory()
        try directory.plugin("libthings.so", FixtureSource.file("things.c"))
        try directory.file("things.tool.json", binding.utf8)
        return directory
    }

    /// Loads a host with a binding.
    static func host(_ binding: String = binding()) async throws -> HostFixture {
        let fixture = try await HostFixture.make(directory(binding))
        #expect(fixture.breakage("things.tool.json") == nil)
        #expect(fixture.host.plugins.filter { $0.file.hasSuffix(".json") }.flatMap(\.problems) == [])
        return fixture
    }
}
