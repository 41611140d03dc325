import Locks
import Testing
import ToolJSON
import ToolPlugin
import ToolRuntime
@testable import ToolHost

@Suite("A running batch of calls", .timeLimit(.minutes(5)))
struct ToolDispatchTests {
    private static func calls(_ count: Int) -> [ToolCall] { Array(repeating: ToolCall(name: "wait"), count: count) }

    @Test("calls start although nothing reads their events")
    func startsWithoutReader() async throws {
        let source = ScriptedSource("wait")
        let dispatch = try source.host().dispatch(Self.calls(2))
        var starts = source.starts.makeAsyncIterator()
        for _ in 0..<2 { await starts.next()?.end(text: "done") }
        #expect(await dispatch.results.map(\.text) == ["done", "done"])
    }

    @Test("a call starts on the thread of its caller, before dispatch returns")
    func startsAtOnce() async throws {
        let isInDispatch = Lock(true)
        let hasStartedInside = Lock(false)
        let source = ScriptedSource("wait") { call in
            hasStartedInside.withLock { $0 = isInDispatch.withLock(\.self) }
            call.end()
        }
        let dispatch = try source.host().dispatch(Self.calls(1))
        isInDispatch.withLock { $0 = false }
        #expect(await dispatch.results.map(\.status) == [.ok])
        let hasStarted = hasStartedInside.withLock(\.self)
        #expect(hasStarted)
    }

    @Test("events arrive in the order of each call, and end with its result")
    func events() async throws {
        let source = ScriptedSource("wait") { call in
            call.report(.progress(fraction: 0.5, message: "half"))
            call.report(.output(.text("done")))
            call.end(text: "done")
        }
        let dispatch = try source.host().dispatch([ToolCall(id: "a", name: "wait"), ToolCall(name: "nope")])
        var lines: [Int: [String]] = [:]
        for await event in dispatch {
            let line =
                switch event.kind {
                case .started(let call): "started \(call.id ?? "")"
                case .output(let part): "output \(String(decoding: part.bytes, as: UTF8.self))"
                case .progress(let fraction, let message): "progress \(fraction ?? -1) \(message)"
                case .finished(let result): "finished \(result.status)"
                }
            lines[event.callIndex, default: []].append(line)
        }
        #expect(lines[0] == ["started a", "progress 0.5 half", "output done", "finished ok"])
        #expect(lines[1] == ["finished unknownTool"])
        #expect(await dispatch.results.map(\.status) == [.ok, .unknownTool])
    }

    enum Abandonment: CaseIterable {
        case droppedUnread, droppedAfterEvent, cancelledIteration, cancelledResults, cancelMethod
    }

    @Test("calls are cancelled when nothing can read their events or results any more", arguments: Abandonment.allCases)
    func abandoned(_ how: Abandonment) async throws {
        let source = ScriptedSource("wait")
        let host = try source.host()
        var cancellations = source.cancellations.makeAsyncIterator()
        switch how {
        case .droppedUnread:
            _ = host.dispatch(Self.calls(3))
        case .droppedAfterEvent:
            for await _ in host.dispatch(Self.calls(3)) { break }
        case .cancelledIteration:
            let (events, hasEvent) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                let dispatch = host.dispatch(Self.calls(3))
                var finished = 0
                for await event in dispatch {
                    if case .finished = event.kind { finished += 1 } else { hasEvent.yield() }
                }
                return (finished, await dispatch.results.map(\.status))
            }
            for await _ in events.prefix(3) {}
            task.cancel()
            let (finished, statuses) = await task.value
            #expect(finished == 3)
            #expect(statuses == [.cancelled, .cancelled, .cancelled])
        case .cancelledResults:
            let task = Task { await host.dispatch(Self.calls(3)).results }
            for await _ in source.starts.prefix(3) {}
            task.cancel()
            #expect(await task.value.map(\.status) == [.cancelled, .cancelled, .cancelled])
        case .cancelMethod:
            let dispatch = host.dispatch(Self.calls(3))
            dispatch.cancel()
            #expect(await dispatch.results.map(\.status) == [.cancelled, .cancelled, .cancelled])
        }
        for _ in 0..<3 { await cancellations.next() }
    }

    @Test("a loop that is left early does not cancel the calls while their results can be awaited")
    func leftLoop() async throws {
        let source = ScriptedSource("wait")
        let dispatch = try source.host().dispatch(Self.calls(2))
        for await _ in dispatch { break }
        var starts = source.starts.makeAsyncIterator()
        for _ in 0..<2 { await starts.next()?.end() }
        #expect(await dispatch.results.map(\.status) == [.ok, .ok])
    }

    private struct RunDetector: ProgramTool {
        let schema: JSONObject = ["name": "run"]

        func execute(_ arguments: JSONObject) async throws -> ToolReply {
            Issue.record("the tool of the program ran")
            return "ran"
        }
    }

    enum EarlyCancellation: CaseIterable {
        case currentTask, otherTask, taskGroup, executorPreference
    }

    @Test(
        "no call runs if the current task is cancelled already",
        arguments: EarlyCancellation.allCases,
        [true, false]
    )
    func cancelledBefore(_ how: EarlyCancellation, readsEvents: Bool) async throws {
        let source = ScriptedSource("wait") { _ in Issue.record("the call ran") }
        let host = try source.host()
        try host.register(Tool(RunDetector()))
        let calls = Self.calls(3) + [ToolCall(name: "run"), ToolCall(name: "nope")]
        let dispatch: @Sendable () async -> [ToolStatus] = {
            let dispatch = host.dispatch(calls)
            if readsEvents { for await event in dispatch { if case .started = event.kind { Issue.record("started") } } }
            return await dispatch.results.map(\.status)
        }
        let statuses: [ToolStatus]
        switch how {
        case .currentTask:
            statuses = await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await dispatch()
            }.value
        case .otherTask:
            let gate = AsyncStream<Void>.makeStream()
            let task = Task {
                // The stream ends when the task is cancelled.
                for await _ in gate.stream {}
                return await dispatch()
            }
            task.cancel()
            statuses = await task.value
        case .taskGroup:
            statuses = await withTaskGroup(of: [ToolStatus].self) { group in
                group.cancelAll()
                group.addTask(operation: dispatch)
                return await group.next() ?? []
            }
        case .executorPreference:
            statuses = await Task(executorPreference: ToolHost.executor) {
                withUnsafeCurrentTask { $0?.cancel() }
                return await dispatch()
            }.value
        }
        #expect(statuses == Array(repeating: .cancelled, count: 5))
    }

    @Test("several tasks can await the results, and each event goes to one of several iterators")
    func severalReaders() async throws {
        let source = ScriptedSource("wait")
        let dispatch = try source.host().dispatch(Self.calls(16))
        async let first = dispatch.reduce(into: 0) { count, _ in count += 1 }
        async let second = dispatch.reduce(into: 0) { count, _ in count += 1 }
        async let results = dispatch.results
        async let sameResults = dispatch.results
        var starts = source.starts.makeAsyncIterator()
        for _ in 0..<16 { await starts.next()?.end() }
        #expect(await results.count == 16)
        #expect(await sameResults.count == 16)
        // The start and the end of each call.
        #expect(await first + second == 32)
        #expect(await dispatch.results.map(\.status) == Array(repeating: .ok, count: 16))
    }

    @Test("events can still be read after the results were awaited")
    func resultsFirst() async throws {
        let source = ScriptedSource("wait") { call in
            call.report(.output(.text("done")))
            call.end(text: "done")
        }
        let dispatch = try source.host().dispatch(Self.calls(2))
        #expect(await dispatch.results.map(\.text) == ["done", "done"])
        // The start, the output and the end of each call.
        #expect(await dispatch.reduce(into: 0) { count, _ in count += 1 } == 6)
    }

    @Test("a second iteration after the last event is empty")
    func secondIteration() async throws {
        let source = ScriptedSource("wait") { $0.end() }
        let dispatch = try source.host().dispatch(Self.calls(2))
        #expect(await dispatch.reduce(into: 0) { count, _ in count += 1 } == 4)
        #expect(await dispatch.reduce(into: 0) { count, _ in count += 1 } == 0)
        #expect(await dispatch.results.count == 2)
    }

    @Test("a slow reader gets joined output and the last progress, and delays no call")
    func slowReader() async throws {
        let source = ScriptedSource("wait") { call in
            for count in 0..<10_000 {
                call.report(.output(.text("x")))
                call.report(.progress(fraction: nil, message: "\(count)"))
            }
            call.end()
        }
        let dispatch = try source.host().dispatch(Self.calls(1))
        var lines: [String] = []
        for await event in dispatch {
            switch event.kind {
            case .started: lines.append("started")
            case .output(let part): lines.append("\(part.bytes.count) bytes")
            case .progress(_, let message): lines.append(message)
            case .finished: lines.append("finished")
            }
        }
        // The first 64 events are delivered as they were reported: the start, and 63 of output and progress.
        #expect(lines.count == 67)
        #expect(lines.first == "started")
        #expect(lines.suffix(3) == ["9999", "9968 bytes", "finished"])
    }

    @Test("every call of a large batch gets one result, in the order of the calls", arguments: [0, 1, 128, 300])
    func manyCalls(count: Int) async throws {
        let source = ScriptedSource("wait") { $0.end(text: "done") }
        let host = try source.host()
        let dispatch = host.dispatch((0..<count).map { ToolCall(id: "\($0)", name: "wait") })
        var finished: [Int: Int] = [:]
        for await event in dispatch {
            if case .finished = event.kind { finished[event.callIndex, default: 0] += 1 }
        }
        let results = await dispatch.results
        #expect(results.map(\.call.id) == (0..<count).map { "\($0)" })
        #expect(results.map(\.status) == (0..<count).map { $0 < 128 ? .ok : .notRun })
        #expect(finished == Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, 1) }))
    }

    @Test("the tool receives the bytes that were measured, after coercion")
    func serialisedOnce() async throws {
        let received = Lock<ScriptedSource.Call?>(nil)
        let source = ScriptedSource("wait") { call in
            received.withLock { $0 = call }
            call.end()
        }
        let host = try source.host { $0.limits.argumentBytes = 32 }
        let results = await host.dispatch([
            ToolCall(name: "wait", arguments: .string(#"  {"b": "é",  "a": 1.50}  "#)),
            ToolCall(name: "wait", arguments: ["text": "0123456789012345678901234567890"]),
        ]).results
        #expect(results.map(\.status) == [.ok, .invalidArguments])
        #expect(results.last?.text == "The arguments are longer than 32 bytes.")
        let last: ScriptedSource.Call? = received.withLock { $0 }
        let call = try #require(last)
        #expect(String(decoding: call.request.arguments.bytes, as: UTF8.self) == #"{"b":"é","a":1.50}"#)
        #expect(JSON.object(call.request.arguments.object).bytes() == call.request.arguments.bytes)
    }
}
