/// The state of one transfer: the head, the bytes that have not been read yet, and the reader that waits.
///
/// Every event is a method that returns what to do next. The caller does it after it has released its lock.
struct TransferState {
    /// The reader that waits, for the head or for the next piece.
    enum Waiter {
        case head(CheckedContinuation<ResponseHead, any Error>)
        case piece(CheckedContinuation<[UInt8]?, any Error>)
    }

    /// The next step for a reader that waits.
    enum Action {
        case none
        case giveHead(CheckedContinuation<ResponseHead, any Error>, ResponseHead)
        case givePiece(CheckedContinuation<[UInt8]?, any Error>, [UInt8]?)
        case fail(Waiter, any Error)

        func perform() {
            switch self {
            case .none: break
            case .giveHead(let waiter, let head): waiter.resume(returning: head)
            case .givePiece(let waiter, let piece): waiter.resume(returning: piece)
            case .fail(.head(let waiter), let error): waiter.resume(throwing: error)
            case .fail(.piece(let waiter), let error): waiter.resume(throwing: error)
            }
        }
    }

    /// An answer to libcurl, which offers some bytes.
    enum Verdict {
        case accept
        /// The bytes are not taken now; libcurl keeps them and stops reading from the socket.
        case pause
        case refuse
    }

    /// The most bytes that wait for the reader before the socket is left alone.
    private static let bufferSize = 256 << 10
    /// The longest rest of a body that is read to keep a connection, and the longest time to spend on it.
    private static let discardLimit = 64 << 10
    private static let discardTime = Duration.seconds(5)

    private let timeouts: HTTPRequest.Timeouts
    private var head = ResponseHead()
    private var buffer: [UInt8] = []
    private var isPaused = false
    private var waiter: Waiter?
    private var ending: Result<Void, any Error>?
    /// True once the transfer has succeeded, failed or been cancelled.
    var hasEnded: Bool { ending != nil }
    /// The number of bytes that were discarded, once the reader does not want the rest.
    private var discarded: Int?
    /// The time at which the wait under way is too long.
    ///
    /// The clock stops while the machine sleeps, as a server on the same machine does.
    private(set) var deadline: SuspendingClock.Instant

    init(_ timeouts: HTTPRequest.Timeouts, now: SuspendingClock.Instant) {
        self.timeouts = timeouts
        deadline = now + timeouts.firstByte
    }

    // MARK: - Events from the network

    mutating func receive(headerLine line: some Collection<UInt8>, now: SuspendingClock.Instant) -> (Verdict, Action) {
        let wasComplete = head.isComplete
        guard head.add(line) else {
            return (.refuse, end(.failure(HTTPError(.invalidResponse, "the head of the response is too long"))))
        }
        guard head.isComplete, !wasComplete else { return (.accept, .none) }
        deadline = now + timeouts.idle
        guard case .head(let waiting) = waiter else { return (.accept, .none) }
        waiter = nil
        return (.accept, .giveHead(waiting, head))
    }

    mutating func receive(body bytes: some Collection<UInt8>, now: SuspendingClock.Instant) -> (Verdict, Action) {
        guard ending == nil else { return (.refuse, .none) }
        guard head.isComplete else {
            // With 101 Switching Protocols, all that follows is a body to libcurl.
            return (.refuse, end(.failure(HTTPError(.invalidResponse, "the body came before the head was complete"))))
        }
        if let count = discarded {
            discarded = count + bytes.count
            return (count + bytes.count > Self.discardLimit ? .refuse : .accept, .none)
        }
        deadline = now + timeouts.idle
        if case .piece(let waiting) = waiter, !bytes.isEmpty {
            waiter = nil
            return (.accept, .givePiece(waiting, Array(bytes)))
        }
        guard buffer.isEmpty || buffer.count + bytes.count <= Self.bufferSize else {
            isPaused = true
            return (.pause, .none)
        }
        buffer += bytes
        return (.accept, .none)
    }

    /// Ends the transfer.
    ///
    /// The first ending counts.
    mutating func end(_ result: Result<Void, any Error>) -> Action {
        guard ending == nil else { return .none }
        ending = result
        guard let waiting = waiter else { return .none }
        waiter = nil
        switch (result, waiting) {
        case (.failure(let error), _):
            return .fail(waiting, error)
        case (.success, .piece(let waiting)):
            return .givePiece(waiting, nil)
        case (.success, .head):
            return .fail(waiting, HTTPError(.connectionLost, "the server closed it before it answered"))
        }
    }

    // MARK: - Events from the reader

    mutating func wait(forHead waiting: CheckedContinuation<ResponseHead, any Error>) -> Action {
        if case .failure(let error) = ending { return .fail(.head(waiting), error) }
        waiter = .head(waiting)
        return .none
    }

    /// - Returns: What to do, and whether libcurl may go on with bytes that it had to keep.
    mutating func wait(
        forPiece waiting: CheckedContinuation<[UInt8]?, any Error>,
        now: SuspendingClock.Instant
    ) -> (Action, resumes: Bool) {
        guard waiter == nil, discarded == nil else {
            let error = HTTPError(.invalidRequest, "the body was discarded, or has another reader")
            return (.fail(.piece(waiting), error), false)
        }
        let resumes = isPaused && ending == nil
        isPaused = false
        if !buffer.isEmpty {
            defer { buffer = [] }
            return (.givePiece(waiting, buffer), resumes)
        }
        switch ending {
        case .failure(let error): return (.fail(.piece(waiting), error), false)
        case .success: return (.givePiece(waiting, nil), false)
        case nil: break
        }
        // The server may have been silent while the reader was busy.
        deadline = now + timeouts.idle
        waiter = .piece(waiting)
        return (.none, resumes)
    }

    /// Discards the rest of the body, which is read to its end only if it is short, to keep the connection.
    mutating func discard(now: SuspendingClock.Instant) {
        guard discarded == nil else { return }
        discarded = buffer.count
        buffer = []
        isPaused = false
        deadline = now + Self.discardTime
    }

    /// Cancels the transfer, because its reader has gone.
    ///
    /// - Returns: What to do, and whether the transfer is to be stopped.
    mutating func cancel() -> (Action, stops: Bool) {
        guard ending == nil, discarded == nil else { return (.none, false) }
        return (end(.failure(CancellationError())), true)
    }

    // MARK: - Time

    /// Returns the error of a wait that has taken too long, or `nil` if it may go on.
    mutating func timeout(now: SuspendingClock.Instant) -> HTTPError? {
        guard now >= deadline else { return nil }
        guard head.isComplete else { return HTTPError(.responseTimedOut, "the response did not begin") }
        guard discarded == nil, waiter == nil else { return HTTPError(.bodyTimedOut, "no more of it came") }
        deadline = now + timeouts.idle
        return nil
    }
}
