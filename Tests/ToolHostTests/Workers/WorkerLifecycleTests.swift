import Testing

@testable import ToolHost

/// Sequences of events.
@Suite("The lifecycle of a worker process")
struct WorkerLifecycleTests {
    /// An event, the actions that it returns, and the state that follows.
    typealias Step = (event: String, actions: String, state: String)

    struct Sequence: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let start: WorkerStateMachineScene.Start
        let steps: [Step]

        init(_ description: String, _ start: WorkerStateMachineScene.Start, _ steps: [Step]) {
            (testDescription, self.start, self.steps) = (description, start, steps)
        }
    }

    private static func check(_ scene: inout WorkerStateMachineScene, _ steps: [Step]) {
        for (number, step) in steps.enumerated() {
            let actions = scene.handle(step.event)
            #expect(actions == step.actions, "step \(number + 1), \(step.event)")
            #expect(scene.state == step.state, "step \(number + 1), \(step.event)")
        }
    }

    // MARK: - Calls that are encoded while the process changes

    private static let encoded: [Sequence] = [
        Sequence(
            "the process takes it",
            .ready,
            [("transmit 2", "–", "busy A"), ("over 2", "–", "ready A")]
        ),
        Sequence(
            "the process refuses it, and its exit is awaited",
            .ready,
            [
                ("refuse 2", "–", "ending A"), ("submit 3", "–", "ending A"),
                ("crash A", "start after 0.0 ms", "backingOff"),
            ]
        ),
        Sequence("it is stopped", .ready, [("stop 2", "–", "ready A"), ("transmit 2", "–", "ready A")]),
        Sequence(
            "another call is asked to stop",
            .busy,
            [
                ("stop 1", "request stop 1", "stopping A"), ("transmit 2", "start timeout 2", "stopping A"),
                ("over 1", "prepare 2 for A", "ready A"),
            ]
        ),
        Sequence(
            "the grants change",
            .busy,
            [
                ("grant", "–", "retiring A"), ("transmit 2", "start timeout 2", "retiring A"),
                ("over 1", "close A, start after 0.0 ms", "backingOff"),
            ]
        ),
        Sequence(
            "the process exits",
            .ready,
            [("exit A", "–", "idle"), ("transmit 2", "start after 0.0 ms", "backingOff")]
        ),
        Sequence(
            "the process is closed",
            .ready,
            [("grant", "close A", "idle"), ("transmit 2", "start after 0.0 ms", "backingOff")]
        ),
        Sequence(
            "the process is killed",
            .stopping,
            [
                ("expire 1", "kill A for 1", "ending A"), ("transmit 2", "–", "ending A"),
                ("crash A 1", "start after 0.0 ms, fail 1: crashed", "backingOff"),
            ]
        ),
    ]

    @Test("a call that is encoded meanwhile is sent once or waits", arguments: encoded)
    func encodedCall(sequence: Sequence) {
        var scene = WorkerStateMachineScene(sequence.start)
        _ = scene.handle("submit 2")
        Self.check(&scene, sequence.steps)
    }

    // MARK: - Calls that wait

    private static let waits: [Sequence] = [
        Sequence(
            "calls resume when the stopped call is over",
            .stopping,
            [
                ("submit 2", "start timeout 2", "stopping A"), ("submit 3", "start timeout 3", "stopping A"),
                ("stop 3", "–", "stopping A"),
                ("over 1", "prepare 2 for A", "ready A"),
            ]
        ),
        Sequence(
            "calls move to the next process if the stopped call does not stop",
            .stopping,
            [
                ("submit 2", "start timeout 2", "stopping A"), ("expire 1", "kill A for 1", "ending A"),
                ("submit 3", "–", "ending A"),
                ("crash A 1", "start after 0.0 ms, fail 1: crashed", "backingOff"),
            ]
        ),
        Sequence(
            "calls get a process with the new grants",
            .retiring,
            [
                ("submit 2", "start timeout 2", "retiring A"),
                ("over 1", "close A, start after 0.0 ms", "backingOff"),
                ("exit A", "–", "backingOff"), ("begin", "–", "registering"),
                ("register B", "prepare 2 for B, watch B", "ready B"),
            ]
        ),
        Sequence(
            "a process with old grants is not replaced if no call waits",
            .outdated,
            [("stop 1", "–", "registering"), ("register A", "close A", "idle"), ("exit A", "–", "idle")]
        ),
        Sequence(
            "grants that change before the start need no other process",
            .backingOff,
            [
                ("grant", "–", "backingOff"), ("begin", "–", "registering"),
                ("register A", "prepare 1 for A, watch A", "ready A"),
            ]
        ),
    ]

    @Test("calls wait while a process takes none", arguments: waits)
    func waitingCalls(sequence: Sequence) {
        var scene = WorkerStateMachineScene(sequence.start)
        Self.check(&scene, sequence.steps)
    }

    @Test("a call fails after five processes have exited before it was sent")
    func exitsBeforeSending() {
        var scene = WorkerStateMachineScene(.registering)
        for attempt in 1...5 {
            Self.check(
                &scene,
                [
                    ("register A", "prepare 1 for A, watch A", "ready A"), ("refuse 1", "–", "ending A"),
                    attempt < 5
                        ? ("exit A", "start after 0.0 ms", "backingOff")
                        : ("exit A", "fail 1: no process", "idle"),
                ]
            )
            _ = scene.handle("begin")
        }
    }

    @Test("calls of tools that are not concurrent run one after another")
    func serialCalls() {
        var scene = WorkerStateMachineScene(serial: [1, 2, 3])
        Self.check(
            &scene,
            [
                ("submit 1", "start after 0.0 ms", "backingOff"), ("submit 2", "–", "backingOff"),
                ("submit 3", "–", "backingOff"), ("submit 4", "–", "backingOff"), ("begin", "–", "registering"),
                ("register A", "prepare 1 for A, prepare 4 for A, watch A", "ready A"),
                ("transmit 1", "–", "busy A"), ("transmit 4", "–", "busy A"),
                ("return 1", "prepare 2 for A", "busy A"), ("transmit 2", "–", "busy A"),
                // It waits in the lane, and is over when its turn comes.
                ("stop 3", "–", "busy A"), ("over 2", "prepare 3 for A", "busy A"),
                ("stop 3", "–", "busy A"),
            ]
        )
    }
}
