import Testing

@testable import ToolHost

/// The rules about processes that exit and processes that are idle.
@Suite("The death of a worker process")
struct WorkerDeathRuleTests {
    /// Calls 1, 2 and 3 run in the process A.
    struct Loss: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var repeatable: Set<UInt64> = []
        var answered: [UInt64] = []
        let exit: String
        let actions: String
    }

    private static let losses: [Loss] = [
        Loss(
            testDescription: "a known call is the reason",
            exit: "crash A 3",
            actions: "fail 1: lost by 3, fail 2: lost by 3, fail 3: crashed"
        ),
        Loss(
            testDescription: "the other calls may be repeated",
            repeatable: [1, 2, 3],
            exit: "crash A 3",
            actions: "start after 0.0 ms, fail 3: crashed"
        ),
        Loss(
            testDescription: "a call that has its result is not repeated",
            repeatable: [1, 2],
            answered: [2],
            exit: "crash A 3",
            actions: "start after 0.0 ms, fail 2: lost by 3, fail 3: crashed"
        ),
        Loss(
            testDescription: "the reason is unknown",
            exit: "crash A",
            actions: "fail 1: lost, fail 2: lost, fail 3: lost"
        ),
        Loss(
            testDescription: "only one call has no result",
            answered: [1, 3],
            exit: "crash A",
            actions: "fail 1: lost by 2, fail 2: crashed, fail 3: lost by 2"
        ),
        Loss(
            testDescription: "the host killed the process for no fault of a call",
            answered: [1, 3],
            exit: "exit A",
            actions: "fail 1: lost, fail 2: lost, fail 3: lost"
        ),
    ]

    @Test("calls that ran in the process fail or run once more", arguments: losses)
    func loss(loss: Loss) {
        var scene = WorkerStateMachineScene(.busy, repeatable: loss.repeatable)
        for event in ["submit 2", "transmit 2", "submit 3", "transmit 3"] { _ = scene.handle(event) }
        for call in loss.answered { _ = scene.handle("answer \(call)") }
        #expect(scene.handle(loss.exit) == loss.actions)
    }

    @Test(
        "calls that the process had not received run in the next one and are not the reason",
        arguments: [
            ("crash A sent 1", "start after 0.0 ms, fail 1: crashed"), ("crash A sent 0", "start after 0.0 ms"),
            ("exit A sent 2", "start after 0.0 ms, fail 1: lost, fail 2: lost"),
        ]
    )
    func unsentCalls(exit: String, actions: String) {
        var scene = WorkerStateMachineScene(.busy)
        for event in ["submit 2", "transmit 2", "submit 3", "transmit 3"] { _ = scene.handle(event) }
        #expect(scene.handle(exit) == actions)
        #expect(scene.timeouts == "")
        #expect(scene.machine.waiting.allSatisfy { $0.attempts == 0 && $0.endedProcesses == 1 })
    }

    @Test("a call that has its result is over although the process had not received it")
    func unsentAnswer() {
        var scene = WorkerStateMachineScene(.busy)
        for event in ["submit 2", "transmit 2", "answer 2"] { _ = scene.handle(event) }
        #expect(scene.handle("crash A sent 1") == "fail 1: crashed, fail 2: lost by 1")
        #expect(scene.state == "idle")
    }

    @Test("a call is repeated once")
    func repeatsOnce() {
        var scene = WorkerStateMachineScene(.busy, repeatable: [1])
        for event in ["submit 2", "transmit 2", "crash A 2", "begin", "register A", "transmit 1"] {
            _ = scene.handle(event)
        }
        for event in ["submit 3", "transmit 3"] { _ = scene.handle(event) }
        #expect(scene.handle("crash A 3") == "fail 1: lost by 3, fail 3: crashed")
    }

    @Test("a plugin that dies repeatedly waits twice as long before each start, up to five seconds")
    func pauses() {
        var scene = WorkerStateMachineScene(.ready)
        func crash() {
            for event in ["submit 1", "begin", "register A", "submit 2", "transmit 2", "crash A 2"] {
                _ = scene.handle(event)
            }
        }
        for pause in [0, 50, 100, 200, 400, 800, 1600, 3200, 5000, 5000] {
            crash()
            #expect(scene.handle("submit 2") == "start after \(Double(pause)) ms")
        }
    }

    @Test("a result ends the pauses")
    func resets() {
        var scene = WorkerStateMachineScene(.ready)
        let crash = ["submit 2", "begin", "register A", "transmit 2", "crash A 2"]
        for event in crash + crash + crash { _ = scene.handle(event) }
        #expect(scene.handle("submit 2") == "start after 100.0 ms")
        for event in ["begin", "register A", "transmit 2", "answer 2", "crash A 2"] { _ = scene.handle(event) }
        #expect(scene.handle("submit 2") == "start after 0.0 ms")
    }

    // MARK: - Processes without calls

    @Test("an idle process is closed after the idle time")
    func closes() {
        var scene = WorkerStateMachineScene(.ready)
        #expect(scene.measure(after: .seconds(59)) == "watch A")
        #expect(scene.measure(after: .seconds(1)) == "close A")
        #expect(scene.state == "idle")
    }

    @Test("an idle process that keeps state for later calls is not closed")
    func keeps() {
        var scene = WorkerStateMachineScene(.ready)
        _ = scene.handle("keep")
        #expect(scene.measure(after: .seconds(3600)) == "watch A")
    }

    @Test("an idle process that uses more than two seconds of processor time is killed")
    func usesProcessor() {
        var scene = WorkerStateMachineScene(.ready)
        #expect(scene.measure(after: .seconds(1), used: .seconds(5)) == "watch A")
        #expect(scene.measure(after: .seconds(1), used: .seconds(7)) == "watch A")
        #expect(scene.measure(after: .seconds(1), used: .milliseconds(7001)) == "kill A for its processor time")
        #expect(scene.state == "idle")
    }

    @Test("an idle process that sends more than 64 KiB between two measurements is killed")
    func floods() {
        var scene = WorkerStateMachineScene(.ready)
        #expect(scene.measure(after: .seconds(1), received: 1_000_000) == "watch A")
        #expect(scene.measure(after: .seconds(1), received: 1_065_536) == "watch A")
        #expect(scene.measure(after: .seconds(1), received: 1_131_073) == "kill A for its messages")
    }

    @Test("a call between two measurements starts them anew")
    func restarts() {
        var scene = WorkerStateMachineScene(.ready)
        #expect(scene.measure(after: .seconds(1)) == "watch A")
        for event in ["submit 2", "transmit 2", "over 2"] { _ = scene.handle(event) }
        #expect(scene.measure(after: .seconds(1), used: .seconds(10), received: 1_000_000) == "watch A")
    }
}
