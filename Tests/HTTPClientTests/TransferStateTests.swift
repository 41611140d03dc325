import Testing

@testable import HTTPClient

@Suite("The state of a transfer")
struct TransferStateTests {
    private static let start = SuspendingClock.now
    private var state: TransferState

    init() {
        var timeouts = HTTPRequest.Timeouts()
        (timeouts.firstByte, timeouts.idle) = (.seconds(10), .seconds(20))
        state = TransferState(timeouts, now: Self.start)
    }

    private func time(_ seconds: Int) -> SuspendingClock.Instant { Self.start + .seconds(seconds) }

    private mutating func receiveHead(at seconds: Int = 0) {
        for line in ["HTTP/1.1 200 OK\r\n", "\r\n"] {
            _ = state.receive(headerLine: Array(line.utf8), now: time(seconds))
        }
    }

    private mutating func receive(_ count: Int, at seconds: Int = 0) -> TransferState.Verdict {
        state.receive(body: [UInt8](repeating: 0, count: count), now: time(seconds))
    }

    private mutating func discard(at seconds: Int = 0) -> Bool { state.discard(now: time(seconds)) }

    @Test("libcurl is paused at 256 KiB of unread bytes, and a larger first piece is accepted")
    mutating func pause() {
        receiveHead()
        for _ in 0..<16 { #expect(receive(16 << 10) == .accept) }
        #expect(receive(1) == .pause)
        var other = self
        other.state = TransferState(HTTPRequest.Timeouts(), now: Self.start)
        other.receiveHead()
        #expect(other.receive(300 << 10) == .accept)
    }

    @Test("a reader gets all bytes that have arrived, and then libcurl may resume")
    mutating func delivery() async throws {
        receiveHead()
        #expect(receive(200 << 10) == .accept)
        #expect(receive(100 << 10) == .pause)
        #expect(!state.takeDelivery().resumes)
        var copy = state
        let piece: [UInt8]? = try await withCheckedThrowingContinuation { reader in
            let (action, resumes) = copy.wait(forPiece: reader, now: time(0))
            #expect(resumes)
            action.perform()
        }
        #expect(piece?.count == 200 << 10)
        #expect(!copy.takeDelivery().resumes)
    }

    @Test("the bytes before the end of a transfer are delivered before it", arguments: [true, false])
    mutating func deliveryBeforeEnd(succeeds: Bool) async throws {
        receiveHead()
        #expect(receive(1) == .accept)
        state.end(succeeds ? .success(()) : .failure(CancellationError()))
        var copy = state
        func next() async throws -> [UInt8]? {
            try await withCheckedThrowingContinuation { copy.wait(forPiece: $0, now: Self.start).0.perform() }
        }
        #expect(try await next() == [0])
        if succeeds {
            #expect(try await next() == nil)
        } else {
            await #expect(throws: CancellationError.self) { try await next() }
        }
    }

    @Test("at most 64 KiB of a discarded rest are read")
    mutating func discard() {
        receiveHead()
        #expect(receive(16 << 10) == .accept)
        #expect(discard(at: 0))
        #expect(receive(48 << 10) == .accept)
        #expect(receive(1) == .refuse)
    }

    @Test("a discarded rest times out after 5 seconds")
    mutating func discardTime() {
        receiveHead()
        #expect(discard(at: 100))
        #expect(state.timeout(now: time(104)) == nil)
        #expect(state.timeout(now: time(105))?.code == .bodyTimedOut)
    }

    @Test("the head has its own timeout, and the body has none without a reader")
    mutating func timeouts() {
        #expect(state.timeout(now: time(9)) == nil)
        #expect(state.timeout(now: time(10))?.code == .responseTimedOut)
        receiveHead(at: 11)
        #expect(state.timeout(now: time(1000)) == nil)
        #expect(state.deadline == time(1020))
    }

    @Test("the first end of a transfer counts, and the transfer is stopped once")
    mutating func ending() {
        receiveHead()
        #expect(state.cancel().stops)
        #expect(!state.cancel().stops)
        #expect(receive(1) == .refuse)
        state.end(.success(()))
        #expect(!state.cancel().stops)
    }

    @Test("a body before the head of a final response ends the transfer")
    mutating func bodyWithoutHead() {
        for line in ["HTTP/1.1 101 Switching Protocols\r\n", "\r\n"] {
            _ = state.receive(headerLine: Array(line.utf8), now: time(0))
        }
        #expect(state.deadline == time(10))
        #expect(receive(1) == .refuse)
        #expect(state.hasEnded)
    }

    @Test("libcurl does not read on for a discarded rest that has already arrived")
    mutating func discardAtTheEnd() {
        receiveHead()
        #expect(receive(1) == .accept)
        state.end(.success(()))
        #expect(!discard(at: 0))
    }

    @Test("a released reader does not stop the transfer of a discarded rest")
    mutating func discarding() {
        receiveHead()
        #expect(discard(at: 0))
        #expect(!state.cancel().stops)
    }
}
