/// The state machine of one transfer: the head, the bytes that are not read yet, and the waiting reader.
///
/// Each event is a method. What a reader waits for is taken with ``takeDelivery()``, and the caller performs the action
/// after it has released its lock. The thread of the transfer takes it once for all events of a moment, so that the
/// head, the bytes and the end of a short response wake the reader once.
struct TransferState {
    /// A reader that waits for the head or for the next piece.
    enum Waiter {
        case head(CheckedContinuation<ResponseHead, any Error>)
        case piece(CheckedContinuation<[UInt8]?, any Error>)
    }

    /// An action for a waiting reader.
    enum Action {
        case none
        case deliverHead(CheckedContinuation<ResponseHead, any Error>, ResponseHead)
        case deliverPiece(CheckedContinuation<[UInt8]?, any Error>, [UInt8]?)
        case fail(Waiter, any Error)

        func perform() {
            switch self {
            case .none: break
            case .deliverHead(let waiter, let head): waiter.resume(returning: head)
            case .deliverPiece(let waiter, let piece): waiter.resume(returning: piece)
            case .fail(.head(let waiter), let error): waiter.resume(throwing: error)
            case .fail(.piece(let waiter), let error): waiter.resume(throwing: error)
            }
        }
    }

    /// The reply to libcurl, which offers some bytes.
    enum Verdict {
        case accept
        /// The bytes are not accepted now. libcurl stores them and stops reading from the socket.
        case pause
        case refuse
    }

    /// The maximum number of unread bytes before libcurl stops reading from the socket.
    private static let bufferSize = 256 << 10
    /// The maximum size of the rest of a body that is read to keep a connection, and the maximum time for it.
    private static let discardLimit = 64 << 10
    private static let discardTime = Duration.seconds(5)

    private let timeouts: HTTPRequest.Timeouts
    private var head = ResponseHead()
    private var buffer: [UInt8] = []
    private var isPaused = false
    private var waiter: Waiter?
    private var ending: Result<Void, any Error>?
    /// True after the transfer has succeeded, failed or been cancelled.
    var hasEnded: Bool { ending != nil }
    /// The number of discarded bytes, or nil if the reader has not discarded the rest.
    private var discarded: Int?
    /// The time at which the current wait times out.
    ///
    /// The clock stops while the machine is suspended, because a server on the same machine stops too.
    private(set) var deadline: SuspendingClock.Instant

    init(_ timeouts: HTTPRequest.Timeouts, now: SuspendingClock.Instant) {
        self.timeouts = timeouts
        deadline = now + timeouts.firstByte
    }

    // MARK: - Events from the network

    mutating func receive(headerLine line: some Collection<UInt8>, now: SuspendingClock.Instant) -> Verdict {
        let wasComplete = head.isComplete
        guard head.add(line) else {
            end(.failure(HTTPError(.invalidResponse, "the head of the response is too long")))
            return .refuse
        }
        if head.isComplete, !wasComplete { deadline = now + timeouts.idle }
        return .accept
    }

    mutating func receive(body bytes: some Collection<UInt8>, now: SuspendingClock.Instant) -> Verdict {
        guard ending == nil else { return .refuse }
        guard head.isComplete else {
            // After 101 Switching Protocols, libcurl reports all bytes as a body.
            end(.failure(HTTPError(.invalidResponse, "the body came before the head was complete")))
            return .refuse
        }
        if let count = discarded {
            discarded = count + bytes.count
            return count + bytes.count > Self.discardLimit ? .refuse : .accept
        }
        deadline = now + timeouts.idle
        guard buffer.isEmpty || buffer.count + bytes.count <= Self.bufferSize else {
            isPaused = true
            return .pause
        }
        buffer += bytes
        return .accept
    }

    /// Ends the transfer.
    ///
    /// Only the first call has an effect.
    mutating func end(_ result: Result<Void, any Error>) {
        if ending == nil { ending = result }
    }

    // MARK: - The reader

    /// Takes what the waiting reader waits for, if it has arrived.
    ///
    /// - Returns: The action, and true if libcurl may resume with the bytes that it has stored.
    mutating func takeDelivery() -> (Action, resumes: Bool) {
        let action = takeAction()
        let resumes = isPaused && buffer.isEmpty && ending == nil
        if resumes { isPaused = false }
        return (action, resumes)
    }

    private mutating func takeAction() -> Action {
        guard let waiting = waiter else { return .none }
        waiter = nil
        switch (waiting, ending) {
        case (.head(let reader), _) where head.isComplete: return .deliverHead(reader, head)
        case (.head, .success): return .fail(waiting, HTTPError(.connectionLost, Self.noResponse))
        case (.piece(let reader), _) where !buffer.isEmpty:
            defer { buffer = [] }
            return .deliverPiece(reader, buffer)
        case (.piece(let reader), .success): return .deliverPiece(reader, nil)
        case (_, .failure(let error)): return .fail(waiting, error)
        case (_, nil):
            waiter = waiting
            return .none
        }
    }

    private static let noResponse = "the server closed the connection before it responded"

    /// Registers the reader of the head.
    mutating func wait(forHead waiting: CheckedContinuation<ResponseHead, any Error>) -> Action {
        waiter = .head(waiting)
        return takeAction()
    }

    /// Registers a reader of the next piece.
    ///
    /// - Returns: The action, and true if libcurl may resume with the bytes that it has stored.
    mutating func wait(
        forPiece waiting: CheckedContinuation<[UInt8]?, any Error>,
        now: SuspendingClock.Instant
    ) -> (Action, resumes: Bool) {
        guard waiter == nil, discarded == nil else {
            let error = HTTPError(.invalidRequest, "the body was discarded, or has another reader")
            return (.fail(.piece(waiting), error), false)
        }
        // The server may have been silent while the reader was busy.
        deadline = now + timeouts.idle
        waiter = .piece(waiting)
        return takeDelivery()
    }

    /// Discards the rest of the body.
    ///
    /// A short rest is read to its end, to keep the connection.
    ///
    /// - Returns: True if libcurl has to read the rest; false if the transfer has ended.
    mutating func discard(now: SuspendingClock.Instant) -> Bool {
        guard discarded == nil else { return false }
        discarded = buffer.count
        buffer = []
        isPaused = false
        deadline = now + Self.discardTime
        return ending == nil
    }

    /// Cancels the transfer, because its reader was released or cancelled.
    ///
    /// - Returns: The action, and true if libcurl must stop the transfer.
    mutating func cancel() -> (Action, stops: Bool) {
        guard ending == nil, discarded == nil else { return (.none, false) }
        end(.failure(CancellationError()))
        return (takeAction(), true)
    }

    // MARK: - Time

    /// Returns the error for a wait that has timed out, or nil if the transfer may continue.
    mutating func timeout(now: SuspendingClock.Instant) -> HTTPError? {
        guard now >= deadline else { return nil }
        guard head.isComplete else { return HTTPError(.responseTimedOut, "the response did not begin") }
        guard discarded == nil, waiter == nil else { return HTTPError(.bodyTimedOut, "no more of the body arrived") }
        deadline = now + timeouts.idle
        return nil
    }
}
