import Synchronization
import ToolJSON
import ToolRuntime

/// Runs a tool that is code of the program, as a task.
///
/// A task that does not heed its cancellation goes on, and its caller has the answer at the deadline all the same.
struct ProgramBackend: ToolBackend {
    let tool: any ProgramTool

    var notes: [String] { [] }

    func start(
        _ arguments: JSONObject,
        limits: ToolLimits,
        observe: @escaping @Sendable (BackendEvent) -> Void
    ) -> any BackendCall {
        let call = Call(observe: observe)
        let task = Task(executorPreference: HostExecutor.shared) { [tool] in
            observe(.started)
            do {
                call.end(.ok, try await tool.execute(arguments).parts)
            } catch let failure as ToolFailure {
                call.end(ToolStatus(failure.kind), [.text(failure.message)])
            } catch is CancellationError {
                call.end(.cancelled, [.text(ToolStatus.cancelled.defaultSentence)])
            } catch {
                call.end(.pluginFailed, [.text("The tool failed: \(error)")])
            }
        }
        let deadline = DeadlineTimer.shared.schedule(at: .now + limits.timeout) {
            call.end(.timedOut, [.text("The tool did not answer within \(limits.timeout.words).")])
        }
        call.begin(task, deadline)
        return call
    }

    /// The first to end it answers; all later ends find it over.
    private final class Call: BackendCall {
        private struct State {
            var isOver = false
            var task: Task<Void, Never>?
            var deadline: DeadlineTimer.Token?
        }

        private let state = Mutex(State())
        private let start = MonotonicInstant.now
        private let observe: @Sendable (BackendEvent) -> Void

        init(observe: @escaping @Sendable (BackendEvent) -> Void) { self.observe = observe }

        func begin(_ task: Task<Void, Never>, _ deadline: DeadlineTimer.Token) {
            let isOver = state.withLock { state in
                if !state.isOver { (state.task, state.deadline) = (task, deadline) }
                return state.isOver
            }
            if isOver { DeadlineTimer.shared.cancel(deadline) }
        }

        func cancel() {
            end(.cancelled, [.text(ToolStatus.cancelled.defaultSentence)])
        }

        func end(_ status: ToolStatus, _ parts: [ToolPart]) {
            let before = state.withLock { state in
                defer { state = State(isOver: true) }
                return state
            }
            guard !before.isOver else { return }
            if let deadline = before.deadline { DeadlineTimer.shared.cancel(deadline) }
            before.task?.cancel()
            observe(.ended(status, parts, MonotonicInstant.now.since(start)))
        }
    }
}

extension ToolStatus {
    fileprivate init(_ kind: ToolFailure.Kind) {
        switch kind {
        case .error: self = .toolError
        case .invalidArguments: self = .invalidArguments
        case .cancelled: self = .cancelled
        }
    }
}
