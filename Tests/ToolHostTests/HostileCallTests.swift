import Locks
import TestSupport
import Testing
import ToolHost
import ToolJSON

@Suite("Calls with checks that take long", .timeLimit(.minutes(10)))
struct HostileCallTests {
    struct Hostile: Sendable, CustomTestStringConvertible {
        let name: String
        let parameters: JSON
        let arguments: @Sendable () -> JSON

        var testDescription: String { name }

        /// The source of a plugin with one tool of the schema.
        var source: String {
            FixtureSource.tool(
                "hostile",
                extra: #","parameters":\#(parameters.text())"#,
                body: #"return tool_reply(call, tool_text("ran"));"#
            )
        }

        var call: ToolCall { ToolCall(name: "hostile", arguments: arguments()) }
    }

    private static let integers = JSON.array((0..<20_000).map { .int(-$0 - 1) })

    /// Calls whose check exceeds every budget.
    static let unbounded = [
        Hostile(
            name: "many branches",
            parameters: ["properties": ["a": ["items": ["anyOf": .array((0..<500).map { ["const": .int($0)] })]]]],
            arguments: { ["a": integers] }
        ),
        Hostile(
            name: "branches in branches",
            parameters: [
                "properties": ["a": ["$ref": "#/$defs/l40"]],
                "$defs": .object(
                    JSONObject(
                        (0...40).map { level in
                            let inner: JSON = ["$ref": .string("#/$defs/l\(level - 1)")]
                            return ("l\(level)", level == 0 ? ["minimum": 1] : ["anyOf": [inner, inner]])
                        }
                    )
                ),
            ],
            arguments: { ["a": 0] }
        ),
        Hostile(
            name: "a const of an equal beginning",
            parameters: ["properties": ["a": ["contains": ["const": .array((0..<1000).map { .int($0) })]]]],
            arguments: {
                let almost = JSON.array((0..<1000).map { .int($0 == 999 ? 0 : $0) })
                return ["a": .array(Array(repeating: almost, count: 3000))]
            }
        ),
        Hostile(
            name: "JSON in a text",
            parameters: ["properties": ["a": ["items": ["anyOf": .array((0..<500).map { ["const": .int($0)] })]]]],
            arguments: { .string(JSON.object(["a": integers]).text()) }
        ),
    ]

    @Test("a call whose check exceeds its budget is rejected, and the calls beside it run", arguments: unbounded)
    func refused(_ hostile: Hostile) async throws {
        let fixture = try await HostFixture.make(["hostile": hostile.source, "healthy": FixtureSource.healthy])
        let order = Lock<[Int]>([])
        let calls = [hostile.call, ToolCall(name: "echo", arguments: ["a": 1])]
        let answers = await fixture.host.dispatch(calls).observing { event in
            if case .finished = event.kind { order.withLock { $0.append(event.callIndex) } }
        }
        #expect(answers.map(\.status) == [.invalidArguments, .ok])
        let sentence = "The arguments are too large to check against the schema of hostile. Send less in one call."
        #expect(answers.first?.text == sentence)
        #expect(order.withLock(\.self) == [1, 0])
    }

    @Test("long checks delay neither the other calls of their message nor its cancellation")
    func many() async throws {
        let hostile = Self.unbounded[1]
        let fixture = try await HostFixture.make(["hostile": hostile.source, "healthy": FixtureSource.healthy])
        let (answered, isAnswered) = AsyncStream<Void>.makeStream()
        let calls = Array(repeating: hostile.call, count: 127) + [ToolCall(name: "echo", arguments: ["a": 1])]
        let batch = Task {
            await fixture.host.dispatch(calls).observing { event in
                if case .finished = event.kind, event.callIndex == 127 { isAnswered.yield() }
            }
        }
        for await _ in answered { break }
        let start = ContinuousClock.now
        batch.cancel()
        let answers = await batch.value
        // The remaining checks would take a minute.
        #expect(start.duration(to: .now) < .seconds(10))
        #expect(answers.last?.status == .ok)
        #expect(answers.dropLast().allSatisfy { $0.status == .cancelled || $0.status == .invalidArguments })
        #expect(answers.count { $0.status == .cancelled } > 64)
    }

    @Test("the user is asked about all calls together, after the last check")
    func question() async throws {
        let directory = try FixtureDirectory()
        let source = FixtureSource.tool(
            "tell",
            manifest: #"{"name":"tell","permissions":{"env":["LANG"]}}"#,
            body: #"return tool_reply(call, tool_text("told"));"#
        )
        try directory.plugin("tell.so", source)
        try directory.plugin("hostile.so", Self.unbounded[1].source)
        try directory.plugin("healthy.so", FixtureSource.healthy)
        let asked = Lock<[[Int]]>([])
        let host = try await HostFixture.make(directory) { configuration in
            configuration.isolation = Isolation.workers
            configuration.authorization = .asking { prompts in
                asked.withLock { $0.append(prompts.map { $0.request.arguments["text"]?.string?.utf8.count ?? 0 }) }
                return prompts.map { _ in .allowOnce }
            }
        }.host
        // The long string is checked on another thread than the short one.
        let texts = [String(repeating: "a", count: 200_000), "b", String(repeating: "c", count: 100_000)]
        let calls = texts.map { ToolCall(name: "tell", arguments: ["text": .string($0)]) }
        let answers = await host.dispatch(calls + [Self.unbounded[1].call, ToolCall(name: "nope")]).results
        #expect(answers.map(\.status) == [.ok, .ok, .ok, .invalidArguments, .unknownTool])
        #expect(asked.withLock(\.self) == [[200_000, 1, 100_000]])
    }

    @Test("long arguments have the same results as short ones")
    func longArguments() async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy]) {
            $0.limits.argumentBytes = 1 << 20
        }
        let text = String(repeating: "long \u{1} ", count: 50_000)
        let answers = await fixture.host.dispatch([
            ToolCall(name: "repeat", arguments: ["text": .string(text), "times": "2", "more": 1]),
            ToolCall(name: "repeat", arguments: .string(JSON.object(["text": .string(text), "times": 1]).text())),
            ToolCall(name: "repeat", arguments: ["text": .string(text), "times": "many"]),
            // Shorter than the limit as a string, and longer as JSON.
            ToolCall(name: "echo", arguments: ["text": .string(String(repeating: "\u{1}", count: 200_000))]),
        ]).results
        #expect(answers.map(\.status) == [.ok, .ok, .invalidArguments, .invalidArguments])
        #expect(answers.prefix(2).map(\.text) == [text + text, text])
        #expect(answers[0].notes == [#"Passed on, though the schema does not declare it: "more"."#])
        #expect(answers[2].text == "The arguments do not fit repeat:\n- times: expected an integer, got \"many\"")
        #expect(answers[3].text == "The arguments are longer than 1048576 bytes.")
    }

    @Test("names of unknown tools can have any length")
    func unknownNames() async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy])
        let accents = String(repeating: "\u{301}", count: 10_000)
        let names = ["echo", "nope", String(repeating: "n", count: 1_000_000), "e" + accents]
        let answers = await fixture.host.dispatch(names.map { ToolCall(name: $0) }).results
        #expect(answers.map(\.status) == [.ok, .unknownTool, .unknownTool, .unknownTool])
        #expect(answers[1].text == "Tool nope not found. The tools are: echo, repeat.")
        #expect(answers.dropFirst().allSatisfy { $0.text.hasSuffix("The tools are: echo, repeat.") })
        #expect(answers.allSatisfy { $0.text.utf8.count < 300 })
    }
}
