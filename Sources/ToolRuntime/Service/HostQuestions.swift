/// The questions of a worker that wait for the host's replies.
final class HostQuestions: Sendable {
    private enum Reply {
        case pending
        case received([String]?)
    }

    private struct State {
        var last: UInt64 = 0
        var replies: [UInt64: Reply] = [:]
        /// The number of pending replies.
        var open = 0
        var isClosed = false
    }

    private let monitor = Monitor(State())

    /// Sends a question, and blocks the calling thread until the host replies.
    ///
    /// - Parameter send: Sends the question with its number.
    /// - Returns: The reply, or nil if there is none or the host has closed the socket.
    func ask(_ send: (UInt64) -> Void) -> [String]? {
        let next: UInt64? = monitor.wait { state in
            if state.isClosed { return .done(nil) }
            // With more open questions the host would kill this process.
            guard state.open < maximumOpenQuestions else { return .wait(until: nil) }
            state.open += 1
            state.last += 1
            state.replies[state.last] = .pending
            return .done(state.last)
        }
        guard let number = next else { return nil }
        send(number)
        return monitor.wait { state in
            if case .received(let addresses)? = state.replies[number] {
                state.replies[number] = nil
                return .done(addresses)
            }
            return state.isClosed ? .done(nil) : .wait(until: nil)
        }
    }

    /// Handles the reply to a question; one to an unknown question is ignored.
    func handleReply(_ addresses: [String]?, to number: UInt64) {
        monitor.change { state in
            guard case .pending? = state.replies[number] else { return }
            state.replies[number] = .received(addresses)
            state.open -= 1
        }
    }

    /// Ends all waits: no replies will come.
    func close() { monitor.change { $0.isClosed = true } }
}
