import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// Tests of plain C functions that are called by their signatures.
@Suite("Native tools", .inBothIsolations, .timeLimit(.minutes(10)))
struct NativeToolTests {
    /// A call with its expected result.
    struct Case: Sendable, CustomTestStringConvertible {
        let tool: String
        let arguments: JSON
        let status: ToolStatus
        let text: String

        init(_ tool: String, _ arguments: JSON, _ text: String, _ status: ToolStatus = .ok) {
            (self.tool, self.arguments, self.text, self.status) = (tool, arguments, text, status)
        }

        var testDescription: String { "\(tool)(\(arguments.text()))" }
    }

    static let cases: [Case] = [
        Case("i8", ["v": -128], "-128"), Case("i8", ["v": 127], "127"),
        Case("i8", ["v": 128], "v: expected at most 127, got 128", .invalidArguments),
        Case("i8", ["v": -129], "v: expected at least -128, got -129", .invalidArguments),
        Case("i16", ["v": -32768], "-32768"),
        Case("i16", ["v": 32768], "v: expected at most 32767, got 32768", .invalidArguments),
        Case("i32", ["v": -2_147_483_648], "-2147483648"),
        Case("i32", ["v": 2_147_483_648], "v: expected at most 2147483647, got", .invalidArguments),
        Case("i64", ["v": .int(Int64.min)], "-9223372036854775808"),
        Case("i64", ["v": .int(Int64.max)], "9223372036854775807"),
        Case("i64", ["v": .int(UInt64.max)], "to 9223372036854775807, got 18446744073709551615", .invalidArguments),
        Case("i64", ["v": 0.5], "v: expected an integer, got 0.5", .invalidArguments), Case("u8", ["v": 255], "255"),
        Case("u8", ["v": 256], "v: expected at most 255, got 256", .invalidArguments),
        Case("u8", ["v": -1], "v: expected at least 0, got -1", .invalidArguments),
        Case("u16", ["v": 65535], "65535"),
        Case("u16", ["v": 65536], "v: expected at most 65535, got 65536", .invalidArguments),
        Case("i16", ["v": -32769], "v: expected at least -32768, got", .invalidArguments),
        Case("u16", ["v": -1], "v: expected at least 0, got -1", .invalidArguments),
        Case("i32", ["v": -2_147_483_649], "v: expected at least -2147483648, got", .invalidArguments),
        Case("u32", ["v": -1], "v: expected at least 0, got -1", .invalidArguments),
        Case("u32", ["v": 4_294_967_295], "4294967295"),
        Case("u32", ["v": 4_294_967_296], "v: expected at most 4294967295, got", .invalidArguments),
        Case("u64", ["v": .int(UInt64.max)], "18446744073709551615"),
        Case("u64", ["v": -1], "v: expected at least 0, got -1", .invalidArguments),
        Case("u64", ["v": 18_446_744_073_709_551_616.0], "v: expected an integer from 0 to", .invalidArguments),
        Case("f32", ["v": 0.5], "0.5"), Case("f32", ["v": 0.1], "0.1"),
        Case("f32", ["v": 1e39], "v: expected a number that single precision can hold", .invalidArguments),
        Case("f64", ["v": 1e300], "1e+300"), Case("f64", ["v": -0.1], "-0.1"), Case("f64", ["v": 3], "3"),
        Case("bool", ["v": true], "true"), Case("bool", ["v": false], "false"),
        Case("bool", ["v": 7], "v: expected true or false, got 7", .invalidArguments),
        Case("text", ["v": "é🎈"], "é🎈"), Case("text", ["v": ""], ""),
        Case("text", ["v": "a\0b"], "v: a string with a null character cannot", .invalidArguments),
        Case("text", ["v": 5], "v: expected a string, got 5", .invalidArguments),
        Case("text", [:], "v: missing, expected a string", .invalidArguments),
        Case("power", ["base": 2, "exponent": 10], "1024"),
        Case("power", ["base": 2, "exponent": 0.5], "1.4142135623730951"),
        Case(
            "mixed",
            ["a": -1, "b": 1.5, "c": 2, "d": 0.25, "e": -3, "f": true, "g": "four", "h": 5, "i": -0.5, "j": 6],
            "123.5"
        ),
        Case("nothing", [:], "null"), Case("twice", ["word": "ab"], "abab"), Case("maybe", ["there": true], "there"),
        Case("maybe", ["there": false], "NULL", .toolError), Case("negative", ["code": 3], "3"),
        Case("negative", ["code": -1], "returned -1", .toolError),
        Case("negative", ["code": -2], "No such file or directory", .toolError), Case("status", ["code": 0], "null"),
        Case("status", ["code": 5], "returned 5", .toolError), Case("error", ["code": 0], "7"),
        Case("error", ["code": 34], "out of range", .toolError), Case("special", ["which": 0], "not a number"),
        Case("special", ["which": 1], "infinity"), Case("special", ["which": 2], "-infinity"),
    ]

    @Test("a native tool takes and returns every type, and is not called with values that do not fit")
    func calls() async throws {
        let directory = try FixtureDirectory()
        let source = try FixtureSource.file("native_tools.c")
        try directory.plugin("native.so", source, flags: ["-Wno-unused-function", "-lm"])
        let fixture = try await HostFixture.make(directory)
        #expect(fixture.breakage("native.so") == nil)
        #expect(fixture.host.plugins.flatMap(\.problems) == [])
        for test in Self.cases {
            let answer = try #require(
                await fixture.host.dispatch([ToolCall(name: test.tool, arguments: test.arguments)]).results.first
            )
            #expect(answer.status == test.status, "\(test.testDescription): \(answer.text)")
            if test.status == .ok {
                #expect(answer.text == test.text, "\(test.testDescription)")
            } else {
                #expect(answer.text.contains(test.text), "\(test.testDescription): \(answer.text)")
            }
        }
        if Isolation.current != .inProcess {
            let answers = await fixture.host.dispatch([
                ToolCall(name: "crash", arguments: ["address": 16]), ToolCall(name: "i8", arguments: ["v": 1]),
            ]).results
            #expect(answers[0].status == .pluginFailed && answers[0].text.contains("SIGSEGV"), "\(answers[0].text)")
            #expect(answers[1].status != .ok || answers[1].text == "1")
        }
    }

    @Test("a native tool can be called on many threads at once")
    func isShared() async throws {
        let directory = try FixtureDirectory()
        let source = try FixtureSource.file("native_tools.c")
        try directory.plugin("native.so", source, flags: ["-Wno-unused-function", "-lm"])
        let fixture = try await HostFixture.make(directory)
        let calls = (0..<100).map { ToolCall(name: "power", arguments: ["base": .int($0), "exponent": 2]) }
        #expect(await fixture.host.dispatch(calls).results.map(\.text) == (0..<100).map { String($0 * $0) })
    }

    @Test("the parameters of a native tool come from its signature unless its schema describes them")
    func schemas() async throws {
        let source = #"""
            #include "tool_plugin.h"
            static int64_t add(int64_t a, int64_t b) { return a + b; }
            TOOL_NATIVE(add, "(a: i64, b: i64) -> i64", "Add two numbers")
            TOOL_PLUGIN("{\"name\":\"sums\"}", &add_tool)
            """#
        let fixture = try await HostFixture.make(["sums": source])
        let parameters = try #require(fixture.host.tools.first).schema["parameters"]
        #expect(
            parameters == [
                "type": "object", "required": ["a", "b"],
                "properties": ["a": ["type": "integer"], "b": ["type": "integer"]],
            ]
        )
        let answer = await fixture.host.dispatch([ToolCall(name: "add", arguments: ["a": "40", "b": 2])]).results.first
        #expect(answer?.text == "42")
    }

    @Test(
        "a native tool with an invalid signature is not offered",
        arguments: [
            ("add(a: i64, b: i64", "needs \",\" at the end"), ("add(a i64)", "\":\" before \"i64"),
            ("add(a: int)", "\"int\" in the signature"),
            ("add(a: i64) -> long", "\"long\" in the signature"),
            ("printf(format: text, ...) -> i32", "variable number"),
            ("add(a: i64, a: i64)", "Two parameters"), ("add(a: void)", "cannot be void"),
            ("(a: i64)", "function's name"),
            ("add() -> owned i64", "Only text can be owned"), ("add() -> i64 fails often", "fails \"often\""),
            ("add() -> f64 fails negative", "cannot report a failure in this way"),
            ("add() -> i64 fails null", "cannot report a failure in this way"),
            ("add() -> text fails nonzero", "cannot report a failure in this way"),
            ("add() -> i64 and more", "its end before \"and more"),
            ("add(é: i64)", "parameter's name"),
            ("add(" + (0..<33).map { "a\($0): i8" }.joined(separator: ",") + ")", "at most 32"),
            ("other(a: i64)", "Its schema and its signature differ: exactly a must be described"),
        ]
    )
    func signatures(signature: String, words: String) async throws {
        let schema = #"{"name":"add","parameters":{"type":"object","properties":{"b":{}},"required":["b"]}}"#
        let source = """
            #include "tool_plugin.h"
            static int64_t add(void) { return 1; }
            static const tool_native_v1 native = {.struct_size = sizeof native, .function = (void (*)(void))add,
                .signature = TOOL_TEXT(\(FixtureSource.literal(signature)))};
            static const tool_v1 tool = {.struct_size = sizeof tool, .native = &native,
                .schema = TOOL_TEXT(\(FixtureSource.literal(schema)))};
            TOOL_PLUGIN("{\\"name\\":\\"add\\"}", &tool)
            """
        let fixture = try await HostFixture.make(["add": source])
        let reason = try #require(fixture.breakage("add.so"))
        #expect(reason.contains(words), "\(reason)")
    }
}
