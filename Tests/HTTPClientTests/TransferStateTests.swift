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
        state.receive(body: [UInt8](repeating: 0, count: count), now: time(seconds)).0
    }

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

    @Test("at most 64 KiB of a discarded rest are read")
    mutating func discard() {
        receiveHead()
        #expect(receive(16 << 10) == .accept)
        state.discard(now: time(0))
        #expect(receive(48 << 10) == .accept)
        #expect(receive(1) == .refuse)
    }

    @Test("a discarded rest times out after 5 seconds")
    mutating func discardTime() {
        receiveHead()
        state.discard(now: time(100))
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
        _ = state.end(.success(()))
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

    @Test("a released reader does not stop the transfer of a discarded rest")
    mutating func discarding() {
        receiveHead()
        state.discard(now: time(0))
        #expect(!state.cancel().stops)
    }
}
