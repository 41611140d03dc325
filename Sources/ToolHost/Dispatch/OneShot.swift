import Synchronization

/// Whoever waits for it gets the first answer that is given, and all others are dropped.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value?, Never>)
        case given(Value?)
    }

    private let state = Mutex(State.open)

    /// Gives an answer, `nil` for none.
    func give(_ value: Value?) {
        let continuation: CheckedContinuation<Value?, Never>? = state.withLock { state in
            switch state {
            case .open:
                state = .given(value)
                return nil
            case .awaited(let continuation):
                state = .given(value)
                return continuation
            case .given:
                return nil
            }
        }
        continuation?.resume(returning: value)
    }

    /// Waits for the first answer, for which only one may wait.
    func wait() async -> Value? {
        await withCheckedContinuation { continuation in
            let value: Value?? = state.withLock { state in
                if case .given(let value) = state { return .some(value) }
                state = .awaited(continuation)
                return .none
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
