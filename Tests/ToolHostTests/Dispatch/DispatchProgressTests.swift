import Testing

@testable import ToolHost

@Suite("The progress of a batch of calls")
struct DispatchProgressTests {
    @Test("no event of a call follows its result")
    func lateEvent() async {
        let calls = [ToolCall(name: "a"), ToolCall(name: "b")]
        let progress = DispatchProgress(calls: 2)
        let late = DispatchEvent.Kind.progress(fraction: nil, message: "late")
        var iterator = ToolDispatch(progress).makeAsyncIterator()
        progress.report(0, .started(calls[0]))
        for (index, call) in calls.enumerated() {
            progress.finish(index, ToolResult(call: call, status: .ok, parts: []))
            progress.report(index, late)
        }
        var events: [String] = []
        while let event = await iterator.next() {
            switch event.kind {
            case .started: events.append("started \(event.callIndex)")
            case .finished: events.append("finished \(event.callIndex)")
            case .output, .progress: events.append("late \(event.callIndex)")
            }
        }
        #expect(events == ["started 0", "finished 0", "finished 1"])
    }
}
