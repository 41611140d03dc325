import Testing
import ToolJSON

@testable import ToolRuntime

@Suite("States of a call")
struct CallStateTests {
    enum Event: Sendable {
        case begin, write, complete, expire
        /// The return of `execute` with `TOOL_DONE` or `TOOL_PENDING`.
        case done, pending
        /// The end of the grace period.
        case grace
    }

    /// Events, each with the action of the state machine.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [(event: Event, action: String)]

        init(_ description: String, _ steps: [(event: Event, action: String)]) {
            (testDescription, self.steps) = (description, steps)
        }
    }

    private static let cases = [
        Case(
            "completed before it returns",
            [
                (.begin, "run"), (.write, "written"), (.complete, "end with 1 byte"), (.write, "closed"),
                (.grace, "stuck"), (.done, "nothing, released"), (.grace, "nothing"), (.expire, "ignore"),
            ]
        ),
        Case(
            "completed before it returns TOOL_PENDING",
            [(.begin, "run"), (.complete, "end with 0 bytes"), (.pending, "nothing, released")]
        ),
        Case(
            "completed after it returns",
            [
                (.begin, "run"), (.pending, "nothing"), (.grace, "forgotten"), (.write, "written"),
                (.complete, "end with 1 byte, released"), (.grace, "nothing"),
            ]
        ),
        Case("completed twice", [(.begin, "run"), (.complete, "end with 0 bytes"), (.complete, "second")]),
        Case(
            "returned without completion",
            [
                (.begin, "run"), (.done, "violation, released"), (.complete, "second"), (.write, "closed"),
                (.expire, "ignore"),
            ]
        ),
        Case(
            "expired before it starts",
            [(.expire, "drop"), (.begin, "skip"), (.expire, "ignore"), (.write, "closed")]
        ),
        Case(
            "expired while it runs",
            [
                (.begin, "run"), (.expire, "stop"), (.write, "closed"), (.expire, "linger"), (.grace, "stuck"),
                (.complete, "late"), (.done, "nothing, released"),
            ]
        ),
        Case(
            "expired while it runs, and not completed",
            [(.begin, "run"), (.expire, "stop"), (.done, "violation after the end, released"), (.grace, "nothing")]
        ),
        Case(
            "expired after it returned",
            [
                (.begin, "run"), (.pending, "nothing"), (.expire, "stop"), (.expire, "ignore"), (.grace, "forgotten"),
                (.complete, "late, released"), (.grace, "nothing"),
            ]
        ),
        Case(
            "expired after its completion, before it returned",
            [(.begin, "run"), (.complete, "end with 0 bytes"), (.expire, "linger"), (.done, "nothing, released")]
        ),
        Case("started twice", [(.begin, "run"), (.begin, "skip")]),
    ]

    @Test("each event has one action in each state", arguments: cases)
    func actions(test: Case) {
        var state = CallState(keepsOutput: true)
        for (index, step) in test.steps.enumerated() {
            #expect(Self.handle(step.event, &state) == step.action, "step \(index + 1), \(step.event)")
        }
    }

    private static let limits = CallLimits(timeout: .zero, grace: .zero, resultBytes: 1)

    /// Passes an event to a state, and describes the action.
    private static func handle(_ event: Event, _ state: inout CallState) -> String {
        switch event {
        case .begin: return state.begin() ? "run" : "skip"
        case .write:
            guard state.isOpen else { return "closed" }
            return [7].withUnsafeBytes { bytes in
                state.write("text/plain", UnsafeRawBufferPointer(rebasing: bytes[..<1]), limits)
                    ? "written" : "rejected"
            }
        case .complete:
            let (completion, isReleased) = state.complete()
            let action =
                switch completion {
                case .end(let output): "end with \(output.count) byte\(output.count == 1 ? "" : "s")"
                case .late: "late"
                case .second: "second"
                }
            return action + (isReleased ? ", released" : "")
        case .done, .pending:
            let (result, isReleased) = state.returned(isPending: event == .pending)
            let action =
                switch result {
                case .nothing: "nothing"
                case .violation(hasEnded: false): "violation"
                case .violation(hasEnded: true): "violation after the end"
                }
            return action + (isReleased ? ", released" : "")
        case .expire: return "\(state.expire())"
        case .grace: return "\(state.overdue)"
        }
    }
}
