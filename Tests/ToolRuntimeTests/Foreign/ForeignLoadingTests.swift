import TestSupport
import Testing
import ToolJSON
import ToolRuntime

/// Tests of bindings that cannot be loaded, and of functions that report failures.
@Suite("Failures of C functions", .timeLimit(.minutes(10)))
struct ForeignLoadingTests {
    /// Returns the reason why a binding or its tool cannot be loaded, or "" if both can.
    private func refusal(_ binding: String) throws -> String {
        let directory = try FixtureDirectory()
        let path = try directory.file("x.tool.json", binding.utf8)
        do throws(PluginError) {
            let plugin = try LoadedPlugin(loading: PluginFile(checking: path)) { _, _ in }
            return plugin.tools.lazy.compactMap(\.fault).first ?? ""
        } catch {
            return error.message
        }
    }

    private func binding(_ library: String, types: String = "{}", parameters: String) -> String {
        #"{"toolhost": 1, "plugin": {"name": "x"}, "library": "\#(library)", "types": \#(types), "tools": [{"name": "exp", "description": "", "parameters": [\#(parameters)], "returns": "f64"}]}"#
    }

    @Test("a tool cannot be called without its library, its types or its symbol")
    func loading() throws {
        let number = #"{"name": "x", "type": "f64"}"#
        #expect(try refusal(binding("libm.so.6", parameters: number)) == "")
        #expect(
            try refusal(binding("libnowhere.so.9", parameters: number))
                .hasPrefix("The dynamic linker refuses the library libnowhere.so.9: ")
        )
        #expect(try refusal(binding("./nowhere.so", parameters: number)).contains("nowhere.so"))
        #expect(
            try refusal(binding("libm.so.6", parameters: #"{"name": "x", "type": "double"}"#))
                .contains("tools[0].parameters[0].type is \"double\"; known are i8,")
        )
        let types = #"{"pair": {"struct": [{"name": "a", "type": "i8"}, {"name": "b", "type": "i64"}], "size": 9}}"#
        #expect(
            try refusal(binding("libm.so.6", types: types, parameters: #"{"name": "x", "type": "pair"}"#))
                .contains("types.pair.size is 9, but its fields take 16 bytes on this machine")
        )
        let fixture = try ForeignFixture(
            "int one(void) { return 1; }",
            [("two", "", #""i32""#), ("one", "", #""i32""#)]
        )
        #expect(fixture.faults == ["two": "The library ./library.so has no function two."])
        #expect(fixture.call("one").value == 1)
    }

    private static let source = #"""
        int32_t code(int32_t n) { return n; }
        const char *text(int32_t n) { return n ? NULL : "fine"; }
        double number(double v, int32_t code) { errno = code; return v; }
        float single(float v, int32_t code) { errno = code; return v; }
        int64_t integer(int32_t code) { errno = code; return 7; }
        const char *words(int32_t code) { return code == 3 ? "no such thing" : ""; }
        int32_t explained(int32_t n, char **why, uint32_t *count) {
            *why = memcpy(malloc(3), "badly", 3);
            *count = 3;
            return n;
        }
        int32_t explained_in(int32_t n, char *why) { memset(why, 'x', 8); return n; }
        """#

    private static let n = #"{"name": "n", "type": "i32"}"#
    private static let numbers = #"{"name": "v", "type": "f64"}, {"name": "n", "type": "i32"}"#

    private static func code(_ fails: String) -> String { #"{"type": "i32", "fails": \#(fails)}"# }

    private static let failures: [(tool: (String, String, String), arguments: JSON, outcome: JSON)] = [
        (("code", n, code(#""negative""#)), ["n": 3], 3),
        (("code", n, code(#""negative""#)), ["n": -3], "code failed: it returned -3."),
        (("code", n, code(#""nonzero""#)), ["n": 0], .null),
        (("code", n, code(#""nonzero""#)), ["n": -1], "code failed: it returned -1."),
        (("code", n, code(#"{"unless": [0, 100]}"#)), ["n": 100], 100),
        (("code", n, code(#"{"unless": [0, 100]}"#)), ["n": 1], "code failed: it returned 1."),
        (
            ("code", n, #"{"type": "i32", "fails": "nonzero", "message": {"symbol": "words", "of": "result"}}"#),
            ["n": 3], "code failed: no such thing (3)."
        ),
        (("text", n, #"{"type": "text", "fails": "null"}"#), ["n": 0], "fine"),
        (("text", n, #"{"type": "text", "fails": "null"}"#), ["n": 1], "text failed: it returned NULL."),
        (("text", n, #""text""#), ["n": 1], "text returned NULL."),
        (("integer", n, #"{"type": "i64", "fails": "errno"}"#), ["n": 0], 7),
        (
            ("integer", n, #"{"type": "i64", "fails": "errno"}"#), ["n": 34],
            "integer failed: Numerical result out of range (7)."
        ),
        // A result of 0 after an underflow is correct, although errno is ERANGE.
        (("number", numbers, #"{"type": "f64", "fails": "errno"}"#), ["v": 0, "n": 34], 0),
        (
            ("number", numbers, #"{"type": "f64", "fails": "errno"}"#), ["v": 0, "n": 33],
            "number failed: Numerical argument out of domain."
        ),
        (
            ("single", #"{"name": "v", "type": "f32"}, "# + n, #"{"type": "f32", "fails": "errno"}"#),
            ["v": 0.1, "n": 34], 0.1
        ),
        (
            (
                "explained",
                n + #", {"name": "why", "type": "text", "out": true, "owner": "free"}, "#
                    + #"{"name": "count", "type": "u32", "by": "pointer", "count_of": "why"}"#,
                #"{"type": "i32", "fails": "nonzero", "message": {"parameter": "why"}}"#
            ), ["n": 4], "explained failed: bad (4)."
        ),
        (
            (
                "explained_in", n + #", {"name": "why", "type": "text", "out": true, "capacity": 8}"#,
                #"{"type": "i32", "fails": "nonzero", "message": {"parameter": "why"}}"#
            ), ["n": 4], "explained_in failed: xxxxxxxx (4)."
        ),
    ]

    @Test("a failure is detected as the binding describes it, and has the library's message if there is one")
    func failures() throws {
        for (tool, arguments, outcome) in Self.failures {
            let fixture = try ForeignFixture(Self.source, [tool])
            let result = fixture.call(tool.0, arguments)
            #expect(result.value == outcome || .string(result.words) == outcome, "\(tool.0)(\(arguments)): \(result)")
        }
    }

    @Test("an underflow of a mathematical function is a result, and an overflow is a failure")
    func underflows() throws {
        let tools = [("exp", ["x"]), ("pow", ["x", "y"])].map { name, parameters in
            (
                name, parameters.map { #"{"name": "\#($0)", "type": "f64"}"# }.joined(separator: ", "),
                #"{"type": "f64", "fails": "errno"}"#
            )
        }
        let fixture = try ForeignFixture("", tools, flags: ["-Wl,--no-as-needed", "-lm"])
        #expect(fixture.call("exp", ["x": -800]).value == 0)
        #expect(fixture.call("pow", ["x": 0.5, "y": 2000]).value == 0)
        #expect(fixture.call("exp", ["x": 800]).words == "exp failed: Numerical result out of range.")
        #expect(fixture.call("pow", ["x": 0, "y": -1]).words == "pow failed: Numerical result out of range.")
        #expect(fixture.call("pow", ["x": -1, "y": 0.5]).words == "pow failed: Numerical argument out of domain.")
    }
}
