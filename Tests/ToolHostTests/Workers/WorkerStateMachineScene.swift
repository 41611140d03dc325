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
    private var transmissions = 0

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
        let before = waitingTimeouts
        let actions = handle(String(words[0]), call, process, words.dropFirst(2).map(String.init))
        let started = waitingTimeouts.filter { !before.contains($0) }.map { "start timeout \($0)" }
        let descriptions = actions.map(Self.description) + started
        return descriptions.isEmpty ? "–" : descriptions.joined(separator: ", ")
    }

    /// The calls that wait for a process while their timeouts run.
    private var waitingTimeouts: [UInt64] { machine.waiting.filter { $0.deadline != nil }.map(\.call.id) }

    /// The calls whose timeouts run, and the seconds that are left of them, such as "1: 60, 2: 59".
    var timeouts: String {
        (machine.waiting + machine.running).compactMap { entry in
            entry.deadline.map { (entry.call.id, $0.since(now).components.seconds) }
        }.sorted { $0.0 < $1.0 }.map { "\($0.0): \($0.1)" }.joined(separator: ", ")
    }

    /// The seconds until the alarm, or nil if there is none.
    var alarm: Int64? { machine.alarm == .endOfTime ? nil : machine.alarm.since(now).components.seconds }

    /// Lets seconds pass.
    mutating func pass(_ seconds: Int64) { now = now + .seconds(seconds) }

    private mutating func handle(
        _ event: String,
        _ call: StandInCall,
        _ process: StandInProcess,
        _ details: [String]
    ) -> Machine.Actions {
        switch event {
        case "submit": return machine.submit(call, at: now)
        case "begin": machine.startDidBegin()
        case "fail": return machine.startDidFail("why", at: now)
        case "register": return machine.processDidRegister(process, at: now)
        case "transmit":
            defer { transmissions += 1 }
            return machine.callIsReady(call, for: a, at: now) { transmissions }
        case "refuse": return machine.callIsReady(call, for: a, at: now) { nil }
        case "answer": _ = machine.callDidAnswer(call.id)
        case "alarm": return machine.deadlineTick(at: now)
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
            // The number of the call that is the reason, or "sent" and the number of calls that were sent.
            let sent = details.first == "sent" ? details.last.flatMap(Int.init) : nil
            let exit = Machine.Exit(
                didRegister: event != "unregistered",
                isCrash: event == "crash",
                sentBytes: sent ?? .max,
                crashedCall: details.first.flatMap(UInt64.init),
                sentence: "why"
            )
            return machine.processDidExit(process, exit, at: now).actions
        default: Issue.record("an unknown event: \(event)")
        }
        return Machine.Actions()
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
        case .expire(let call): "expire \(call.id)"
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
    let timeout = Duration.seconds(60)

    init(id: UInt64, isConcurrent: Bool, isRepeatable: Bool) {
        (self.id, self.isConcurrent, self.isRepeatable) = (id, isConcurrent, isRepeatable)
    }
}

/// A process that does nothing.
final class StandInProcess: Sendable {
    let name: String

    init(_ name: String) { self.name = name }
}
