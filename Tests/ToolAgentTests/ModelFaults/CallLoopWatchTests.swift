import Testing
import ToolHost
import ToolJSON

@testable import ToolAgent

@Suite("The watch for repeated calls")
struct CallLoopWatchTests {
    /// Messages with calls, and the positions of the calls that are not run.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Each call is a name and perhaps its arguments; a result follows an equals sign.
        let messages: [String]
        /// The numbers of the calls of each message that are not run.
        let refused: [Set<Int>]
        var isEndless = false

        init(_ title: String, _ messages: [String], _ refused: [Set<Int>], isEndless: Bool = false) {
            (testDescription, self.messages, self.refused, self.isEndless) = (title, messages, refused, isEndless)
        }
    }

    private static let cases = [
        Case("two equal calls", ["a", "a"], [[], []]),
        Case("a third equal call", ["a", "a", "a"], [[], [], [0]]),
        Case("a fourth equal call", ["a", "a", "a", "a"], [[], [], [0], [0]], isEndless: true),
        Case("another call after the refusal", ["a", "a", "a", "b"], [[], [], [0], []]),
        Case("the same call after another one", ["a", "a", "a", "b", "a"], [[], [], [0], [], []]),
        Case("alternating calls", ["a", "b", "a", "b", "a"], [[], [], [], [], [0]]),
        Case(
            "alternating calls that go on",
            ["a", "b", "a", "b", "a", "b"],
            [[], [], [], [], [0], [0]],
            isEndless: true
        ),
        Case("a result that changes each time", ["a=1", "a=2", "a=3", "a=4", "a=5"], [[], [], [], [], []]),
        Case("a result that no longer changes", ["a=1", "a=2", "a=2", "a=2"], [[], [], [], [0]]),
        Case(
            "a test after each correction",
            ["a=1", "b{1}", "a=1", "b{2}", "a=1", "b{3}", "a=1"],
            Array(repeating: [], count: 7)
        ),
        Case("a failure between equal calls", ["a", "b{1}=!", "a", "b{2}=!", "a"], [[], [], [], [], [0]]),
        Case("equal calls of one message", ["a a a", "a a a", "a a a"], [[], [], [0, 1, 2]]),
        Case("a repeated call beside a new one", ["a", "a", "a b{1}", "a b{2}"], [[], [], [0], []]),
        Case("other arguments", ["a{1}", "a{2}", "a{3}", "a{4}"], [[], [], [], []]),
        Case("another notation of a number", ["a{1}", "a{1.0}", "a{10e-1}"], [[], [], [0]]),
        Case("another order of keys", [#"a{1,"y":2}"#, #"a{1,"y":2}"#, #"a{2,"x":1,"y":2}"#], [[], [], [0]]),
        Case("no message", [], []),
    ]

    /// Returns the calls of a message with their results.
    private static func calls(_ message: String) throws -> [(call: ToolCall, output: String)] {
        try message.split(separator: " ").map { text in
            let parts = text.split(separator: "=", maxSplits: 1)
            let name = parts[0].prefix { $0 != "{" }
            let members = parts[0].dropFirst(name.count)
            // The last of repeated names counts.
            let arguments = members.isEmpty ? [:] : try JSON(parsing: #"{"x":"# + members.dropFirst())
            return (ToolCall(name: String(name), arguments: arguments), parts.count > 1 ? String(parts[1]) : "same")
        }
    }

    @Test("a call is refused once it has run twice with the same result and nothing else was new", arguments: cases)
    func watch(_ test: Case) throws {
        var watch = CallLoopWatch()
        var refused: [Set<Int>] = []
        for message in test.messages {
            let calls = try Self.calls(message)
            let positions = watch.repetitions(in: calls.map(\.call))
            refused.append(positions)
            watch.record(
                calls.enumerated().filter { !positions.contains($0.offset) }.map { _, known in
                    let status = known.output == "!" ? ToolStatus.toolError : .ok
                    return ToolResult(call: known.call, status: status, parts: [.text(known.output)])
                }
            )
        }
        #expect(refused == test.refused)
        #expect(watch.isEndless == test.isEndless)
    }

    @Test(
        "arguments are the same in each form that a server sends",
        arguments: [
            (.null, [:]), ("", [:]), (" \n", [:]), (#"{"x":1}"#, ["x": 1]), (.array([["x": 1]]), ["x": 1]),
        ] as [(JSON, JSON)]
    )
    func forms(form: JSON, object: JSON) {
        var watch = CallLoopWatch()
        for arguments in [form, object] {
            let call = ToolCall(name: "a", arguments: arguments)
            _ = watch.repetitions(in: [call])
            watch.record([ToolResult(call: call, status: .ok, parts: [])])
        }
        #expect(watch.repetitions(in: [ToolCall(name: "a", arguments: form)]) == [0])
    }
}
