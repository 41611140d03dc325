import Glibc
import Locks
import Testing
import ToolJSON
import ToolPlugin
import ToolRuntime
@testable import ToolHost

@Suite("The ways in which a call starts", .timeLimit(.minutes(5)))
struct DispatchStartTests {
    /// The reasons for which a call waits before it runs.
    enum Way: CaseIterable {
        case atOnce, decision, question, slots, longCheck

        func configure(_ configuration: inout HostConfiguration) {
            switch self {
            case .atOnce, .longCheck: break
            case .decision: configuration.authorization.decide = { _ in .allow }
            case .question:
                configuration.authorization = .asking { prompts in prompts.map { _ in .allowOnce } }
                configuration.authorization.policy.confirmation = .everyCall
            case .slots: configuration.limits.concurrency = 1
            }
        }

        var arguments: JSON {
            self == .longCheck ? .string(#"{"a":1}"# + String(repeating: " ", count: 100_000)) : ["a": 1]
        }
    }

    @Test("a call has the same result and events whether it starts at once or waits", arguments: Way.allCases)
    func sameResults(_ way: Way) async throws {
        let source = ScriptedSource("wait") { call in
            call.report(.output(.text("done")))
            call.report(.progress(fraction: 0.5, message: "half"))
            call.end(text: String(decoding: call.request.arguments.bytes, as: UTF8.self))
        }
        let host = try source.host(configure: way.configure)
        let dispatch = host.dispatch([
            ToolCall(id: "1", name: "wait", arguments: way.arguments), ToolCall(id: "2", name: "nope"),
            ToolCall(id: "3", name: "wait", arguments: 7), ToolCall(id: "4", name: "wait", arguments: way.arguments),
        ])
        var events: [Int: [String]] = [:]
        for await event in dispatch {
            let word =
                switch event.kind {
                case .started(let call): "started \(call.id ?? "")"
                case .output: "output"
                case .progress: "progress"
                case .finished(let result): "finished \(result.status)"
                }
            events[event.callIndex, default: []].append(word)
        }
        let results = await dispatch.results
        #expect(results.map(\.call.id) == ["1", "2", "3", "4"])
        #expect(results.map(\.status) == [.ok, .unknownTool, .invalidArguments, .ok])
        #expect([results[0].text, results[3].text] == [#"{"a":1}"#, #"{"a":1}"#])
        #expect(events[0] == ["started 1", "output", "progress", "finished ok"])
        #expect(events[1] == ["finished unknownTool"])
        #expect(events[2] == ["finished invalidArguments"])
        #expect(events[3] == ["started 4", "output", "progress", "finished ok"])
    }

    @Test("the requests of a batch are sent together")
    func flush() async throws {
        let source = ScriptedSource("wait")
        let dispatch = try source.host().dispatch(Array(repeating: ToolCall(name: "wait"), count: 3))
        #expect(source.flushes == 1)
        var starts = source.starts.makeAsyncIterator()
        for _ in 0..<3 { await starts.next()?.end() }
        #expect(await dispatch.results.map(\.status) == [.ok, .ok, .ok])
    }

    @Test("a batch that takes long to start is started on another thread, which leaves no source without a receiver")
    func longStart() async throws {
        let assists = AsyncStream<Void>.makeStream()
        let caller = pthread_self()
        let elsewhere = Lock(0)
        let source = ScriptedSource("wait") { call in
            if pthread_equal(pthread_self(), caller) == 0 { elsewhere.withLock { $0 += 1 } }
            // Longer than the time that a batch may take on the caller's thread.
            usleep(3_000)
            if call.request.arguments.object["ends"] != nil { call.end() }
        } onAssist: {
            assists.continuation.yield()
        }
        let calls = [true, true, false].map { ends in
            ToolCall(name: "wait", arguments: ends ? ["ends": true] : [:])
        }
        let dispatch = try source.host().dispatch(calls)
        // Nothing reads the events of the last call yet.
        var iterator = assists.stream.makeAsyncIterator()
        await iterator.next()
        #expect(elsewhere.withLock(\.self) >= 1)
        dispatch.cancel()
        #expect(await dispatch.results.map(\.status) == [.ok, .ok, .cancelled])
    }

    @Test("a call that ends while its caller waits on its thread has its result")
    @MainActor
    func assistedOnMainActor() async throws {
        let calls = Lock<[ScriptedSource.Call]>([])
        let source = ScriptedSource("wait") { call in
            calls.withLock { $0.append(call) }
        } onAssist: {
            let calls = calls.withLock { calls in
                defer { calls = [] }
                return calls
            }
            for call in calls { call.end(text: "done") }
        }
        let host = try source.host()
        for _ in 0..<10 {
            let results = await host.dispatch(Array(repeating: ToolCall(name: "wait"), count: 2)).results
            #expect(results.map(\.text) == ["done", "done"])
        }
    }

    @Test("a task that is cancelled while its thread waits cancels its calls", arguments: [true, false])
    func cancelledWhileAssisting(readsEvents: Bool) async throws {
        let source = ScriptedSource("wait", onAssist: { withUnsafeCurrentTask { $0?.cancel() } })
        let host = try source.host()
        let statuses = await Task {
            let dispatch = host.dispatch(Array(repeating: ToolCall(name: "wait"), count: 3))
            if readsEvents { for await _ in dispatch {} }
            return await dispatch.results.map(\.status)
        }.value
        #expect(statuses == [.cancelled, .cancelled, .cancelled])
    }

    @Test("a thread is resumed by the call that ends, and by the one that it waits for alone", arguments: 1...20)
    func parked(count: Int) async throws {
        let source = ScriptedSource("wait") { call in
            _ = HostThreads.shared.run { call.end(text: "done") }
        }
        let dispatch = try source.host().dispatch(Array(repeating: ToolCall(name: "wait"), count: count))
        async let first = dispatch.results
        async let second = dispatch.reduce(into: 0) { count, _ in count += 1 }
        #expect(await first.map(\.text) == Array(repeating: "done", count: count))
        #expect(await second == 2 * count)
    }
}
