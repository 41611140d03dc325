import Locks
import Testing
import ToolJSON
@testable import ToolHost

@Suite("Tools that belong to the caller of a batch", .timeLimit(.minutes(2)))
struct FunctionSourceTests {
    private static func tool(_ name: String, _ function: @escaping FunctionSource.Function) throws -> RegisteredTool {
        try #require(
            FunctionSource.tool(
                [
                    "name": .string(name),
                    "parameters": [
                        "type": "object", "properties": ["n": ["type": "integer"]], "required": ["n"],
                    ],
                ],
                function
            )
        )
    }

    private static func double(_ arguments: JSONObject) -> FunctionSource.Reply {
        .text("\((arguments["n"]?.int ?? 0) * 2)")
    }

    @Test("they are checked and run beside the tools of the host, with one result for each call in order")
    func mixed() async throws {
        let source = ScriptedSource("listed") { $0.end(text: "from the host") }
        let host = try source.host()
        let own = try [
            Self.tool("double", Self.double), Self.tool("fails") { _ in .error("It cannot.") },
        ]
        let calls = [
            ToolCall(name: "double", arguments: ["n": "4"]), ToolCall(name: "listed"),
            ToolCall(name: "double", arguments: ["n": "x"]), ToolCall(name: "fails", arguments: ["n": 1]),
            ToolCall(name: "doubel"),
        ]
        let results = await host.dispatch(calls, offered: ["listed"], context: CallContext(), own: own).results
        #expect(results.map(\.status) == [.ok, .ok, .invalidArguments, .toolError, .unknownTool])
        #expect(results.prefix(2).map(\.text) == ["8", "from the host"])
        #expect(results[3].text == "It cannot.")
        #expect(results[4].text.contains("double, fails, listed"))
        // The host does not keep them.
        #expect(await host.dispatch([calls[0]]).results.map(\.status) == [.unknownTool])
    }

    @Test("a registered tool of the same name is not called")
    func precedence() async throws {
        let host = try ScriptedSource("double") { $0.end(text: "from the host") }.host()
        let call = ToolCall(name: "double", arguments: ["n": 1])
        let results = await host.dispatch(
            [call],
            offered: nil,
            context: CallContext(),
            own: [try Self.tool("double", Self.double)]
        ).results
        #expect(results.map(\.text) == ["2"])
    }

    @Test("a call that takes too long or is cancelled ends at once, whatever its function does")
    func ends() async throws {
        let gate = Semaphore()
        let tool = try Self.tool("waits") { _ in
            gate.wait()
            return .text("late")
        }
        var configuration = HostConfiguration()
        configuration.limits.timeout = .milliseconds(20)
        let call = ToolCall(name: "waits", arguments: ["n": 1])
        let late = await ToolHost(configuration).dispatch([call], offered: nil, context: CallContext(), own: [tool])
            .results
        #expect(late.map(\.status) == [.timedOut])
        let dispatch = ToolHost().dispatch([call], offered: nil, context: CallContext(), own: [tool])
        dispatch.cancel()
        #expect(await dispatch.results.map(\.status) == [.cancelled])
        for _ in 0..<2 { gate.signal() }
    }

    @Test("the limits of results apply")
    func limits() async throws {
        let tool = try Self.tool("long") { _ in .text(String(repeating: "x", count: 100)) }
        var configuration = HostConfiguration()
        configuration.limits.resultBytes = 50
        let call = ToolCall(name: "long", arguments: ["n": 1])
        let results = await ToolHost(configuration).dispatch([call], offered: nil, context: CallContext(), own: [tool])
            .results
        #expect(results[0].text.contains("The result was longer than 50 bytes"))
    }

    @Test("a tool whose schema is not valid does not exist")
    func invalid() {
        #expect(FunctionSource.tool(["name": "a b"], Self.double) == nil)
    }
}
