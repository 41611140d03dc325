import Testing

@testable import ToolHost

/// The rules about the timeouts of calls, which are 60 seconds long.
@Suite("The timeouts of calls in a worker process")
struct WorkerTimeoutRuleTests {
    /// An event, or the seconds that pass; the timeouts that run after it; the seconds until the alarm.
    typealias Step = (event: String, timeouts: String, alarm: Int64?)

    struct Sequence: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let start: WorkerStateMachineScene.Start
        let steps: [Step]

        init(_ description: String, _ start: WorkerStateMachineScene.Start, _ steps: [Step]) {
            (testDescription, self.start, self.steps) = (description, start, steps)
        }
    }

    private static let sequences: [Sequence] = [
        Sequence(
            "the start of a process does not count",
            .idle,
            [
                ("submit 1", "", nil), ("5", "", nil), ("begin", "", nil), ("register A", "", nil),
                ("transmit 1", "1: 60", 60), ("5", "1: 55", 55),
            ]
        ),
        Sequence(
            "the wait for calls that are to stop counts, and the timeout starts anew when the call is sent",
            .stopping,
            [
                ("submit 2", "1: 60, 2: 60", 60), ("10", "1: 50, 2: 50", 50), ("over 1", "", 50),
                ("transmit 2", "2: 60", 50),
            ]
        ),
        Sequence(
            "the timeout does not run while a call waits for another process",
            .stopping,
            [
                ("submit 2", "1: 60, 2: 60", 60), ("expire 1", "1: 60, 2: 60", 60), ("crash A 1", "", 60),
                ("begin", "", 60), ("register A", "", 60), ("10", "", 50), ("transmit 2", "2: 60", 50),
            ]
        ),
        Sequence(
            "the timeout of a call that a process refuses does not run",
            .ready,
            [("submit 2", "", 60), ("refuse 2", "", 60)]
        ),
        Sequence(
            "the alarm after a timeout that was cancelled finds the next one",
            .ready,
            [
                ("submit 2", "", 60), ("10", "", 50), ("transmit 2", "2: 60", 50), ("50", "2: 10", 0),
                ("alarm", "2: 10", 10),
            ]
        ),
    ]

    @Test("a timeout runs from the moment when a call is sent or waits for other calls", arguments: sequences)
    func timeouts(sequence: Sequence) {
        var scene = WorkerStateMachineScene(sequence.start)
        for (number, step) in sequence.steps.enumerated() {
            if let seconds = Int64(step.event) { scene.pass(seconds) } else { _ = scene.handle(step.event) }
            #expect(scene.timeouts == step.timeouts, "step \(number + 1), \(step.event)")
            #expect(scene.alarm == step.alarm, "step \(number + 1), \(step.event)")
        }
    }

    @Test("a timeout passes once, in calls that run and in calls that wait, with or without a result")
    func passes() {
        var scene = WorkerStateMachineScene(.busy)
        for event in ["answer 1", "submit 2", "transmit 2", "stop 2", "submit 3"] { _ = scene.handle(event) }
        #expect(scene.timeouts == "1: 60, 2: 60, 3: 60")
        scene.pass(59)
        #expect(scene.handle("alarm") == "–")
        #expect(scene.alarm == 1)
        scene.pass(1)
        #expect(scene.handle("alarm") == "expire 3, expire 1, expire 2")
        #expect(scene.timeouts == "" && scene.alarm == nil)
        #expect(scene.handle("alarm") == "–")
    }
}
