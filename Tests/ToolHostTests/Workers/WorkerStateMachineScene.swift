import Testing
import ToolRuntime

@testable import ToolHost

/// A state machine with calls 1 to 9 and the processes A and B, whose actions and states are strings.
struct WorkerStateMachineScene {
    typealias Machine = WorkerStateMachine<StandInCall, StandInProcess>

    /// The states that a scene can begin in.
    ///
    /// Call 1 waits before the process A has registered, and runs in it after that, except in `ready`.
    enum Start: String, CaseIterable, Sendable {
        case idle, backingOff, registering, outdated, ready, busy, stopping, retiring, ending
    }

    private(set) var machine: Machine
    let calls: [UInt64: StandInCall]
    let a = StandInProcess("A")
    let b = StandInProcess("B")
    private var now = MonotonicInstant.now

    /// Creates a scene in the state `idle`.
    ///
    /// - Parameters:
    ///   - serial: The calls that do not run beside others.
    ///   - repeatable: The calls that may run twice.
    init(serial: Set<UInt64> = [], repeatable: Set<UInt64> = []) {
        machine = Machine(at: now)
        calls = Dictionary(
            uniqueKeysWithValues: (1...9).map { id in
                (
                    id,
                    StandInCall(
                        id: id,
                        isConcurrent: !serial.contains(id),
                        isRepeatable: repeatable.contains(id)
                    )
                )
            }
        )
    }

    /// Creates a scene in a state.
    init(_ start: Start, repeatable: Set<UInt64> = []) {
        self.init(repeatable: repeatable)
        let events: [String] =
            switch start {
            case .idle: []
            case .backingOff: ["submit 1"]
            case .registering: ["submit 1", "begin"]
            case .outdated: ["submit 1", "begin", "grant"]
            case .ready: ["submit 1", "begin", "register A", "transmit 1", "over 1"]
            case .busy: ["submit 1", "begin", "register A", "transmit 1"]
            case .stopping: ["submit 1", "begin", "register A", "transmit 1", "stop 1"]
            case .retiring: ["submit 1", "begin", "register A", "transmit 1", "grant"]
            case .ending: ["submit 1", "begin", "register A", "transmit 1", "stop 1", "expire 1"]
            }
        for event in events { _ = handle(event) }
    }

    /// The state of the machine, such as "busy A".
    var state: String {
        switch machine.state {
        case .idle: "idle"
        case .backingOff: "backingOff"
        case .registering: "registering"
        case .ready(let process): "ready \(process.name)"
        case .busy(let process): "busy \(process.name)"
        case .stopping(let process): "stopping \(process.name)"
        case .retiring(let process): "retiring \(process.name)"
        case .ending(let process): "ending \(process.name)"
        }
    }

    /// Passes an event to the machine: a word, and the number of a call or the name of a process.
    ///
    /// - Returns: The actions, separated by commas; "–" for none.
    mutating func handle(_ event: String) -> String {
        let words = event.split(separator: " ")
        let argument = words.dropFirst().first.map(String.init) ?? ""
        let call = UInt64(argument).flatMap { calls[$0] } ?? calls[9]
        let process = argument == "B" ? b : a
        guard let call else { return "" }
        let actions = handle(String(words[0]), call, process, String(words.dropFirst(2).joined(separator: " ")))
        return actions.isEmpty ? "–" : actions.map(Self.description).joined(separator: ", ")
    }

    private mutating func handle(
        _ event: String,
        _ call: StandInCall,
        _ process: StandInProcess,
        _ detail: String
    ) -> [Machine.Action] {
        switch event {
        case "submit": return machine.submit(call)
        case "begin": machine.startDidBegin()
        case "fail": return machine.startDidFail("why", at: now)
        case "register": return machine.processDidRegister(process)
        case "transmit": return machine.callIsReady(call, for: a) { true }
        case "refuse": return machine.callIsReady(call, for: a) { false }
        case "answer": machine.callDidAnswer(call)
        case "return": return machine.callDidReturn(call, isOver: false, at: now)
        case "over": return machine.callDidReturn(call, isOver: true, at: now)
        case "stop": return machine.stop(call, at: now)
        case "expire": return machine.graceDidExpire(call)
        case "grant": return machine.grantsDidChange()
        case "keep": machine.processDidReport(keepsState: true)
        case "tick":
            now = now + .seconds(1)
            return machine.idleTick(of: process, used: .zero, received: 0, idleTime: .seconds(60), at: now)
        case "exit", "crash", "unregistered":
            let exit = Machine.Exit(
                didRegister: event != "unregistered",
                isCrash: event == "crash",
                crashedCall: UInt64(detail),
                sentence: "why"
            )
            return machine.processDidExit(process, exit, at: now).actions
        default: Issue.record("an unknown event: \(event)")
        }
        return []
    }

    /// Measures the process A, a time after the last event.
    mutating func measure(after time: Duration, used: Duration = .zero, received: Int = 0) -> String {
        now = now + time
        return machine.idleTick(of: a, used: used, received: received, idleTime: .seconds(60), at: now)
            .map(Self.description).joined(separator: ", ")
    }

    private static func description(_ action: Machine.Action) -> String {
        switch action {
        case .startProcess(let delay): "start after \(delay / .milliseconds(1)) ms"
        case .prepare(let call, let process): "prepare \(call.id) for \(process.name)"
        case .startTimeout(let call): "start timeout \(call.id)"
        case .cancelTimeout(let call): "cancel timeout \(call.id)"
        case .requestStop(let call, _): "request stop \(call.id)"
        case .stopOverdueCalls(let calls): "stop overdue of \(calls.map { String($0.id) }.joined(separator: " "))"
        case .fail(let call, .noProcess): "fail \(call.id): no process"
        case .fail(let call, .crashed): "fail \(call.id): crashed"
        case .fail(let call, .lost(_, let other)): "fail \(call.id): lost" + (other.map { " by \($0.id)" } ?? "")
        case .kill(let process, .ignoredStop(let call)): "kill \(process.name) for \(call.id)"
        case .kill(let process, .floodedHost): "kill \(process.name) for its messages"
        case .kill(let process, .usedProcessor): "kill \(process.name) for its processor time"
        case .close(let process): "close \(process.name)"
        case .watch(let process): "watch \(process.name)"
        }
    }
}

/// A call that does nothing.
final class StandInCall: WorkerCall {
    let id: UInt64
    let isConcurrent: Bool
    let isRepeatable: Bool

    init(id: UInt64, isConcurrent: Bool, isRepeatable: Bool) {
        (self.id, self.isConcurrent, self.isRepeatable) = (id, isConcurrent, isRepeatable)
    }
}

/// A process that does nothing.
final class StandInProcess: Sendable {
    let name: String

    init(_ name: String) { self.name = name }
}
