import Locks

/// A result that is set once: the first value wins, and later ones are discarded.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(CheckedContinuation<Value?, Never>)
        case set(Value?)
    }

    private let state = Lock(State.empty)

    /// Sets the value, nil for none, and resumes the task that waits for it.
    func give(_ value: Value?) {
        let continuation: CheckedContinuation<Value?, Never>? = state.withLock { state in
            switch state {
            case .empty:
                state = .set(value)
                return nil
            case .awaited(let continuation):
                state = .set(value)
                return continuation
            case .set:
                return nil
            }
        }
        continuation?.resume(returning: value)
    }

    /// Waits for the value.
    ///
    /// Only one task may wait.
    func wait() async -> Value? {
        await withCheckedContinuation { continuation in
            let value: Value?? = state.withLock { state in
                if case .set(let value) = state { return .some(value) }
                state = .awaited(continuation)
                return .none
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
