import Glibc
import Locks
import Testing
import ToolJSON
import ToolPlugin
@testable import ToolHost

@Suite("A tool of the program that runs on its caller's thread", .timeLimit(.minutes(5)))
struct CallerThreadToolTests {
    private static let schema: JSON = [
        "name": "repeat", "description": "",
        "parameters": ["type": "object", "properties": ["text": ["type": "string"]], "required": ["text"]],
    ]

    /// Returns a host with a tool that repeats a text, throws at `fail`, and writes the text in pieces at `write`.
    private static func host(
        runsOnCaller: Bool,
        serial: Bool = false,
        onCall: @escaping @Sendable () -> Void = {},
        configure: (inout HostConfiguration) -> Void = { _ in }
    ) throws -> ToolHost {
        var configuration = HostConfiguration()
        configuration.authorization = .allowAll
        configure(&configuration)
        let host = ToolHost(configuration)
        let tool = Tool(schema: schema, serial: serial) { arguments, context in
            onCall()
            let text: String = try arguments.value("text")
            if text == "fail" { throw ToolError.error("failed") }
            if text == "write" { for piece in ["a", "b"] { context.write(piece) } }
            context.progress(0.5, text)
            return .text(text)
        }
        try host.register(tool, runsOnCaller: runsOnCaller)
        return host
    }

    private static func call(_ text: String) -> ToolCall {
        ToolCall(name: "repeat", arguments: ["text": .string(text)])
    }

    @Test("dispatch returns when the tool has run on its thread", arguments: [true, false])
    func thread(serial: Bool) async throws {
        let caller = pthread_self()
        let threads = Lock<[Bool]>([])
        let host = try Self.host(runsOnCaller: true, serial: serial) {
            threads.withLock { $0.append(pthread_equal(pthread_self(), caller) != 0) }
        }
        let dispatch = host.dispatch([Self.call("a"), Self.call("b")])
        #expect(threads.withLock(\.self) == [true, true])
        #expect(await dispatch.results.map(\.text) == ["a", "b"])
    }

    @Test("the results and events are the same as on a thread of the host")
    func sameResults() async throws {
        var lines: [[String]] = []
        for runsOnCaller in [true, false] {
            let host = try Self.host(runsOnCaller: runsOnCaller, configure: { $0.limits.resultBytes = 8 })
            let dispatch = host.dispatch([
                Self.call("short"), Self.call("fail"), Self.call("write"), Self.call("longer than the limit"),
                ToolCall(name: "repeat"), ToolCall(name: "nope"), Self.call("last"),
            ])
            var events = Array(repeating: "", count: 7)
            for await event in dispatch {
                switch event.kind {
                case .started: events[event.callIndex] += "started "
                case .output(let part): events[event.callIndex] += String(decoding: part.bytes, as: UTF8.self) + " "
                case .progress(_, let message): events[event.callIndex] += "progress \(message) "
                case .finished(let result): events[event.callIndex] += "\(result.status) \(result.text)"
                }
            }
            lines.append(events)
        }
        #expect(lines[0] == lines[1])
        #expect(lines[0][0] == "started progress short short ok short")
        #expect(lines[0][1] == "started failed toolError failed")
    }

    @Test("a call that is refused does not run")
    func refused() async throws {
        let host = try Self.host(
            runsOnCaller: true,
            onCall: { Issue.record("the tool ran") },
            configure: { $0.authorization.decide = { _ in .deny(reason: "no") } }
        )
        #expect(await host.dispatch([Self.call("a")]).results.map(\.status) == [.denied])
    }

    @Test("a call that waits for a slot runs after the one that has it")
    func slots() async throws {
        let host = try Self.host(runsOnCaller: true, configure: { $0.limits.concurrency = 1 })
        let blocker = ScriptedSource("wait")
        try host.register(blocker)
        let running = host.dispatch([ToolCall(name: "wait")])
        let dispatch = host.dispatch([Self.call("a"), Self.call("b")])
        var starts = blocker.starts.makeAsyncIterator()
        await starts.next()?.end()
        #expect(await dispatch.results.map(\.text) == ["a", "b"])
        #expect(await running.results.map(\.status) == [.ok])
    }

    @Test("the tool can dispatch calls itself, also of itself")
    func dispatches() async throws {
        let host = ToolHost()
        let inner = Lock<[ToolDispatch]>([])
        let tool = Tool(name: "nest", description: "", parameters: []) { [weak host] arguments, _ in
            guard let host, inner.withLock(\.count) < 200 else { return "end" }
            let dispatch = host.dispatch([ToolCall(name: "nest")])
            inner.withLock { $0.append(dispatch) }
            return "nested"
        }
        try host.register(tool, runsOnCaller: true)
        #expect(await host.dispatch([ToolCall(name: "nest")]).results.map(\.text) == ["nested"])
        let dispatches = inner.withLock(\.self)
        for dispatch in dispatches { #expect(await dispatch.results.map(\.status) == [.ok]) }
    }

    @Test("an async tool completes its call later")
    func asynchronous() async throws {
        let host = ToolHost()
        let tool = Tool(
            name: "later",
            description: "",
            parameters: [],
            asyncBody: { _, _ in
                await Task.yield()
                return "done"
            }
        )
        try host.register(tool, runsOnCaller: true)
        let results = await host.dispatch(Array(repeating: ToolCall(name: "later"), count: 8)).results
        #expect(results.map(\.text) == Array(repeating: "done", count: 8))
    }
}
