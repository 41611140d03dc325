import Testing
import ToolHost
import ToolJSON

/// Tests of handles that bound functions return.
@Suite("Handles of bound functions", .inBothIsolations, .timeLimit(.minutes(10)))
struct BindingHandleTests {
    @Test("a handle is valid in later calls, for its kind and process, until it is closed")
    func keepsHandles() async throws {
        let fixture = try await BindingFixture.host()
        func call(_ tool: String, _ arguments: JSON = [:]) async throws -> ToolResult {
            try #require(await fixture.host.dispatch([ToolCall(name: tool, arguments: arguments)]).results.first)
        }
        let first = try await call("counter_new", ["start": 40]).text
        #expect(first.hasPrefix("counter-1-"), "\(first)")
        let made = try JSON(parsing: try await call("counter_make", ["start": 3]).text)
        let second = try #require(made["made"]?.string)
        #expect(try await call("counter_add", ["counter": .string(first), "more": 2]).text == "42")
        #expect(try await call("counter_add", ["counter": .string(second), "more": 2]).text == "5")
        #expect(try await call("counters").text == "2")

        // A handle that the library refuses to close stays open.
        let busy = try await call("counter_try_close", ["counter": .string(second)])
        #expect(busy.status == .toolError)
        #expect(try await call("counter_add", ["counter": .string(second), "more": 1]).text == "6")
        #expect(try await call("counter_try_close", ["counter": .string(second)]).status == .ok)
        #expect(try await call("counters").text == "1")

        let box = try await call("box_new").text
        #expect(try await call("box_new").text == box)
        let mark = first.dropFirst("counter-1-".count)
        for (text, words) in [
            (second, "has been closed"), (box, "is a box handle, but a counter handle is needed"),
            ("counter-99-\(mark)", "has been closed"), ("counter-1-0", "of another process"),
            ("0x7fff0000", "is not a counter handle"), ("", "is not a counter handle"),
            ("box-1-\(mark)", "is a box handle"), ("counter--1-\(mark)", "is not a counter handle"),
        ] {
            let result = try await call("counter_add", ["counter": .string(text), "more": 1])
            #expect(result.status == .invalidArguments && result.text.contains(words), "\(text): \(result.text)")
        }

        let refused = try await call("counter_new", ["start": -1])
        #expect(refused.status == .toolError && refused.text.contains("Operation not permitted"), "\(refused.text)")
        // A handle that is returned with a failure is closed, after it has provided the message.
        let failed = try await call("counter_make", ["start": 2000])
        #expect(failed.status == .toolError && failed.text.contains("too much to count (1)"), "\(failed.text)")
        #expect(try await call("counters").text == "1")
    }

    @Test("at most 1024 handles can be open, and later ones are closed at once")
    func limitsHandles() async throws {
        let fixture = try await BindingFixture.host()
        let calls = (0..<1030).map { ToolCall(name: "counter_new", arguments: ["start": .int($0)]) }
        var results: [ToolResult] = []
        for start in stride(from: 0, to: calls.count, by: 50) {
            results += await fixture.host.dispatch(Array(calls[start..<min(start + 50, calls.count)])).results
        }
        #expect(results.count { $0.status == .ok } == 1024)
        #expect(results.last?.text.contains("1024 handles are open") == true, "\(results.last?.text ?? "")")
        #expect(await fixture.call("counters")?.text == "1024")
    }
}
