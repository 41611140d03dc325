import Locks

/// A request and its response, shared by the task that reads it and the thread of its ``CurlLoop``.
final class CurlTransfer: Sendable {
    let request: HTTPRequest
    private let loop: CurlLoop
    private let state: Lock<TransferState>

    init(_ request: HTTPRequest, on loop: CurlLoop) {
        self.request = request
        self.loop = loop
        state = Lock(TransferState(request.timeouts, now: .now))
    }

    // MARK: - For the reader

    /// Starts the transfer and waits for the head of the response.
    func head() async throws -> ResponseHead {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                state.withLock { $0.wait(forHead: waiter) }.perform()
                loop.post(.start(self))
            }
        } onCancel: {
            cancel()
        }
    }

    /// Waits for the next piece of the body, or returns nil at the end.
    func nextPiece() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let (action, resumes) = state.withLock { $0.wait(forPiece: waiter, now: .now) }
                action.perform()
                if resumes { loop.post(.resume(self)) }
            }
        } onCancel: {
            cancel()
        }
    }

    func discard() {
        if state.withLock({ $0.discard(now: .now) }) { loop.post(.resume(self)) }
    }

    func cancel() {
        let (action, stops) = state.withLock { $0.cancel() }
        action.perform()
        if stops { loop.post(.stop(self)) }
    }

    // MARK: - For the loop

    var hasEnded: Bool { state.withLock { $0.hasEnded } }
    var deadline: SuspendingClock.Instant { state.withLock { $0.deadline } }

    func receive(headerLine line: UnsafeRawBufferPointer) -> TransferState.Verdict {
        state.withLock { $0.receive(headerLine: line, now: .now) }
    }

    func receive(body bytes: UnsafeRawBufferPointer) -> TransferState.Verdict {
        state.withLock { $0.receive(body: bytes, now: .now) }
    }

    /// Delivers what has arrived to the reader, if it waits.
    ///
    /// - Returns: True if libcurl may resume with the bytes that it has stored.
    func deliver() -> Bool {
        let (action, resumes) = state.withLock { $0.takeDelivery() }
        action.perform()
        return resumes
    }

    /// Ends the transfer, and delivers the end to the reader.
    func end(_ result: Result<Void, any Error>) {
        state.withLock { state in
            state.end(result)
            return state.takeDelivery().0
        }.perform()
    }

    func timeout(now: SuspendingClock.Instant) -> HTTPError? {
        state.withLock { $0.timeout(now: now) }
    }
}
