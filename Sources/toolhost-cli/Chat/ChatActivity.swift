import Locks
import Terminal
import ToolHost

/// The progress of a response on the terminal: the wait for the model, and the calls that run.
final class ChatActivity: Sendable {
    /// The time without output after which a model counts as silent.
    private static let silence = Duration.seconds(2)

    private struct State {
        /// The number of calls of the message that have no result.
        var unfinished = 0
        /// The words for the wait for the model, or nil if there is none.
        var label: String?
    }

    private let area = ProgressArea(size: { Console.error.size }, draw: { Console.error.showProgress($0) })
    private let state: Lock<State>
    private let model: String?
    private let owner: @Sendable (String) -> String

    /// Creates the progress of a response.
    ///
    /// - Parameters:
    ///   - model: The name of the model, or nil if there is none.
    ///   - isLoading: True if the model may have to be loaded.
    ///   - owner: Returns the plugin of a tool.
    /// - Returns: Nil if standard error cannot show it.
    init?(model: String?, isLoading: Bool, owner: @escaping @Sendable (String) -> String) {
        guard Console.error.movesCursor else { return nil }
        (self.model, self.owner) = (model, owner)
        state = Lock(State(label: model.map { (isLoading ? "loading " : "waiting for ") + $0 }))
    }

    /// Begins the wait for the model.
    func wait() { begin(after: ProgressState.delay) }

    /// Records that the model has sent a piece of text.
    func recordText() {
        recordResponse()
        begin(after: Self.silence)
    }

    /// Records that the model thinks, and that its thinking is not shown.
    func recordThinking() {
        recordResponse()
        area.update { $0.begin("thinking", at: $1) }
    }

    /// Records the calls of a message.
    func recordCalls(_ count: Int) {
        recordResponse()
        state.withLock { $0.unfinished = count }
        area.update { state, _ in state.endActivity() }
    }

    /// Records an event of a call.
    func record(_ event: DispatchEvent) {
        let id = event.callIndex
        switch event.kind {
        case .started(let call):
            let owner = owner(call.name)
            area.update { $0.start(id, name: call.name, owner: owner, at: $1) }
        case .progress(let fraction, let message):
            area.update { state, _ in state.report(id, fraction: fraction, message: message) }
        case .output:
            break
        case .finished:
            area.update { state, _ in state.finish(id) }
            let isLast = state.withLock { state in
                state.unfinished -= 1
                return state.unfinished == 0
            }
            // The model is asked again.
            if isLast { wait() }
        }
    }

    /// Removes everything.
    func end() { area.update { state, _ in state.removeAll() } }

    /// Records that the model is loaded.
    private func recordResponse() { state.withLock { $0.label = model.map { "waiting for " + $0 } } }

    private func begin(after delay: Duration) {
        guard let label = state.withLock({ $0.label }) else { return }
        area.update { state, now in
            state.endActivity()
            state.begin(label, at: now, delay: delay)
        }
    }
}
