import Glibc
import Synchronization
import Testing

@testable import ToolRuntime

@Suite("Sending of messages by a worker")
final class FrameChannelTests {
    private let host: Int32
    private let worker: Int32
    private let channel: FrameChannel

    private static let end = WorkerMessage.ended(
        1,
        WorkerCallEnd(reason: .completed(0), isTruncated: false, duration: .zero)
    )

    init() throws {
        var pair: [Int32] = [0, 0]
        // Each write is one packet.
        try #require(socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &pair) == 0)
        (host, worker) = (pair[0], pair[1])
        channel = FrameChannel(worker)
    }

    deinit {
        close(host)
        close(worker)
    }

    /// Returns the kinds of the frames that were sent with the next write; none if there was no write.
    private func nextWrite(_ flags: Int32 = Int32(MSG_DONTWAIT)) throws -> [Frame.Kind] {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = recv(host, &bytes, bytes.count, flags)
        var decoder = FrameDecoder()
        decoder.append(bytes.prefix(max(0, count)))
        var kinds: [Frame.Kind] = []
        while let frame = try decoder.next() { kinds.append(frame.kind) }
        return kinds
    }

    @Test("the messages of short calls are sent together")
    func together() throws {
        channel.beginWatch()
        for _ in 0..<2 {
            channel.send(.output(1, mediaType: "text/plain", [1], continues: false), .low)
            channel.send(Self.end)
            channel.send(.returned(1, isReleased: true), .low)
        }
        #expect(try nextWrite() == [])
        channel.flush()
        #expect(try nextWrite() == [.output, .ended, .returned, .output, .ended, .returned])
        channel.flush()
        #expect(try nextWrite() == [])
    }

    @Test("a question is sent at once, after the messages that wait")
    func question() throws {
        channel.beginWatch()
        channel.send(Self.end)
        channel.send(.resolve(1, "name"), .now)
        #expect(try nextWrite() == [.ended, .resolve])
    }

    @Test(
        "after flushes, messages wait only if a watch began and none of the flushes has ended it",
        arguments: [
            ([], []), ([false], []), ([true], [.ended]), ([false, true], [.ended]), ([true, false], [.ended]),
        ] as [([Bool], [Frame.Kind])]
    )
    func watched(flushes: [Bool], expected: [Frame.Kind]) throws {
        channel.beginWatch()
        for endsWatch in flushes { channel.flush(endsWatch: endsWatch) }
        channel.send(Self.end)
        #expect(try nextWrite() == expected)
    }

    @Test("a message of low urgency is sent soon, without another message")
    func delay() throws {
        channel.send(.returned(1, isReleased: true), .low)
        #expect(try nextWrite(0) == [.returned])
    }

    @Test("messages beyond the size of the memory are sent in their order", arguments: [1000, 16 << 10, 40_000])
    func size(count: Int) throws {
        channel.beginWatch()
        var kinds: [Frame.Kind] = []
        // All of them fit into the socket's buffer, because nothing reads meanwhile.
        for _ in 0..<4 {
            channel.send(.output(1, mediaType: "text/plain", Array(repeating: 1, count: count), continues: false), .low)
            channel.send(Self.end)
        }
        channel.flush()
        while kinds.count < 8 {
            let next = try nextWrite()
            try #require(!next.isEmpty)
            kinds += next
        }
        #expect(kinds == (0..<4).flatMap { _ in [.output, .ended] })
    }

    @Test("messages that a signal handler has taken are not sent again")
    func rescue() throws {
        channel.beginWatch()
        channel.send(Self.end)
        let words = channel.waitingBytes.count.assumingMemoryBound(to: Atomic<Int>.self)
        #expect(words.pointee.exchange(0, ordering: .relaxed) == Self.endSize)
        channel.send(Self.end)
        channel.flush()
        #expect(try nextWrite() == [])
    }

    private static var endSize: Int {
        var bytes: [UInt8] = []
        end.encode(into: &bytes)
        return bytes.count
    }
}
