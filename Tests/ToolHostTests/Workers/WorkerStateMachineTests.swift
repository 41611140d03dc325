import Testing

@testable import ToolHost

/// Every event in every state.
@Suite("The state machine of a worker process")
struct WorkerStateMachineTests {
    typealias Start = WorkerStateMachineScene.Start

    /// The effect of an event in one state: the actions and the next state.
    struct Effect: Sendable {
        let actions: String
        let next: String

        init(_ actions: String, _ next: String) { (self.actions, self.next) = (actions, next) }
    }

    /// The events, each with its effects.
    ///
    /// In a state that is not listed, the event returns no action and changes no state.
    private static let table: [(event: String, effects: [Start: Effect])] = [
        (
            "submit 9",
            [
                .idle: Effect("start after 0.0 ms", "backingOff"),
                .ready: Effect("prepare 9 for A", "ready A"),
                .busy: Effect("prepare 9 for A", "busy A"),
                .stopping: Effect("start timeout 9", "stopping A"),
                .retiring: Effect("start timeout 9", "retiring A"),
            ]
        ),
        ("begin", [.backingOff: Effect("–", "registering")]),
        (
            "fail",
            [
                .backingOff: Effect("fail 1: no process", "idle"),
                .registering: Effect("fail 1: no process", "idle"),
                .outdated: Effect("fail 1: no process", "idle"),
            ]
        ),
        (
            "register B",
            [
                .idle: Effect("close B", "idle"),
                .backingOff: Effect("close B", "backingOff"),
                .registering: Effect("prepare 1 for B, watch B", "ready B"),
                .outdated: Effect("close B, start after 0.0 ms", "backingOff"),
                .ready: Effect("close B", "ready A"),
                .busy: Effect("close B", "busy A"),
                .stopping: Effect("close B", "stopping A"),
                .retiring: Effect("close B", "retiring A"),
                .ending: Effect("close B", "ending A"),
            ]
        ),
        ("transmit 9", [:]),
        ("refuse 9", [:]),
        ("answer 1", [:]),
        ("return 1", [:]),
        (
            "over 1",
            [
                .idle: Effect("–", "idle"),
                .backingOff: Effect("–", "backingOff"),
                .registering: Effect("–", "registering"),
                .outdated: Effect("–", "registering"),
                .ready: Effect("–", "ready A"),
                .busy: Effect("–", "ready A"),
                .stopping: Effect("–", "ready A"),
                .retiring: Effect("close A", "idle"),
                .ending: Effect("–", "ending A"),
            ]
        ),
        (
            "stop 1",
            [
                .backingOff: Effect("–", "backingOff"),
                .registering: Effect("–", "registering"),
                .outdated: Effect("–", "registering"),
                .busy: Effect("request stop 1", "stopping A"),
                .stopping: Effect("request stop 1", "stopping A"),
                .retiring: Effect("request stop 1", "retiring A"),
                .ending: Effect("request stop 1", "ending A"),
            ]
        ),
        (
            "expire 1",
            [
                .busy: Effect("kill A for 1", "ending A"),
                .stopping: Effect("kill A for 1", "ending A"),
                .retiring: Effect("kill A for 1", "ending A"),
                .ending: Effect("kill A for 1", "ending A"),
            ]
        ),
        (
            "grant",
            [
                .ready: Effect("close A", "idle"),
                .busy: Effect("–", "retiring A"),
                .stopping: Effect("–", "retiring A"),
            ]
        ),
        ("keep", [:]),
        (
            "tick A",
            [
                .ready: Effect("watch A", "ready A"),
                .busy: Effect("stop overdue of 1, watch A", "busy A"),
                .stopping: Effect("stop overdue of 1, watch A", "stopping A"),
                .retiring: Effect("stop overdue of 1, watch A", "retiring A"),
            ]
        ),
        ("tick B", [:]),
        ("exit A", exits(unregistered: false)),
        ("crash A", exits(unregistered: false)),
        ("unregistered A", exits(unregistered: true)),
        ("exit B", [:]),
        (
            "unregistered B",
            [
                .registering: Effect("fail 1: no process", "idle"),
                .outdated: Effect("fail 1: no process", "idle"),
            ]
        ),
    ]

    /// The effects of the exit of the process A.
    private static func exits(unregistered: Bool) -> [Start: Effect] {
        var effects: [Start: Effect] = [
            .ready: Effect("–", "idle"),
            .busy: Effect("fail 1: crashed", "idle"),
            // The call has its result, so it is not the reason.
            .stopping: Effect("fail 1: lost", "idle"),
            .retiring: Effect("fail 1: crashed", "idle"),
            .ending: Effect("fail 1: lost", "idle"),
        ]
        if unregistered {
            effects[.registering] = Effect("fail 1: no process", "idle")
            effects[.outdated] = Effect("fail 1: no process", "idle")
        }
        return effects
    }

    @Test("an event has its actions and its next state in every state", arguments: table.map(\.event), Start.allCases)
    func transition(event: String, start: Start) throws {
        let effects = try #require(Self.table.first { $0.event == event }).effects
        var scene = WorkerStateMachineScene(start)
        let before = scene.state
        let actions = scene.handle(event)
        #expect(actions == effects[start]?.actions ?? "–")
        #expect(scene.state == effects[start]?.next ?? before)
    }
}
