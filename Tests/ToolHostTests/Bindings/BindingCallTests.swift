import TestSupport
import Testing
import ToolHost
import ToolJSON

/// Tests of calls of bound functions.
@Suite("Calls of bound functions", .inBothIsolations, .timeLimit(.minutes(10)))
struct BindingCallTests {
    /// A call, with its whole result or a part of its error.
    struct Case: Sendable {
        let tool: String
        let arguments: JSON
        let result: JSON
        let status: ToolStatus

        init(_ tool: String, _ arguments: JSON, _ result: JSON, _ status: ToolStatus = .ok) {
            (self.tool, self.arguments, self.result, self.status) = (tool, arguments, result, status)
        }

        func check(_ outcome: ToolResult?) {
            guard let outcome else { return #expect(Bool(false), "\(tool) has no result") }
            #expect(outcome.status == status, "\(tool)(\(arguments)): \(outcome.text)")
            if status != .ok {
                #expect(outcome.text.contains(result.string ?? "?"), "\(tool)(\(arguments)): \(outcome.text)")
            } else if result.string == nil {
                #expect((try? JSON(parsing: outcome.text)) == result, "\(tool)(\(arguments)): \(outcome.text)")
            } else {
                #expect(outcome.text == result.string, "\(tool)(\(arguments))")
            }
        }
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
            "bytes: 90000 elements are more than sum_bytes accepts",
            .invalidArguments
        ),
        Case("reverse", ["bytes": "AQID"], ["reversed": "AwIB", "result": 0]),
        Case("reverse", ["bytes": "AQIDBA=="], ["reversed": "BAMCAQ==", "result": 0]),
        Case("reverse", ["bytes": "AQIDBAU="], "reverse failed: it returned -1", .toolError),
        Case("needs", [:], "bytes needs room for 1000 elements, but its capacity is 4", .toolError),
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
            "point.name: expected a string of at most 7 bytes",
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
        Case("endless", [:], "The function returned a count of -1 elements", .toolError),
        Case("maybe", ["text": "four"], 4), Case("maybe", [:], -7),
        Case("opening", [:], .int(114_042)),
        Case("status", ["code": 7], 7), Case("status", ["code": 3], "status failed: no such thing (3).", .toolError),
        Case("status", ["code": 4], "status failed: it returned 4.", .toolError),
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

    @Test("a bound function takes and returns every type, and is not called with values that do not fit")
    func calls() async throws {
        let fixture = try await BindingFixture.host()
        for test in Self.cases {
            test.check(
                await fixture.host.dispatch([ToolCall(name: test.tool, arguments: test.arguments)]).results.first
            )
        }
    }
}
