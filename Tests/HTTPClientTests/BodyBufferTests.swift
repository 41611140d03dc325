import HTTPClient
import Locks
import TestSupport
import Testing

/// Bodies that are paused because they are read late, and transports that are released meanwhile.
@Suite("Bodies around the size of the buffer", .timeLimit(.minutes(10)))
struct BodyBufferTests {
    /// The number of unread bytes at which libcurl is paused.
    private static let limit = 256 << 10
    private static let excesses = [-1, 0, 1, 16 << 10, limit - 1, limit, limit + 1, 3 * limit]

    /// The only reference to a transport.
    private final class Owner: Sendable {
        let transport = Lock<CurlTransport?>(CurlTransport())
    }

    private let transport = CurlTransport()

    /// Returns bytes in which a lost or repeated piece is seen.
    private static func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &+ $0 / 251) }
    }

    @Test("each byte arrives once, although other responses are read between the pieces", arguments: excesses)
    func lateReader(excess: Int) async throws {
        let bytes = Self.bytes(Self.limit + excess)
        let server = try ScriptedServer([.pieces([bytes])] + Array(repeating: .body("other"), count: 1000))
        defer { server.stop() }
        let late = try await transport.send(server.request())
        var received: [UInt8] = []
        let pieces = late.body.makeAsyncIterator()
        repeat {
            // The transfers share a thread, which has handled the bytes so far when the other response is complete.
            #expect(try await transport.receive(server.request()).text == "other")
            guard let piece = try await pieces.next() else { break }
            #expect(!piece.isEmpty)
            received += piece
        } while true
        let isSame = received == bytes
        #expect(isSame, "\(received.count) of \(bytes.count) bytes")
    }

    @Test("bodies of many readers at once do not mix", arguments: [1, 16])
    func manyReaders(pieces: Int) async throws {
        let bodies = Self.excesses.map { Self.bytes(Self.limit + $0) }
        let server = try ScriptedServer(
            (0..<24).map { _ in
                .answering { request in
                    let bytes = bodies[Int(request.path.dropFirst()) ?? 0]
                    let size = (bytes.count + pieces - 1) / pieces
                    return .pieces(
                        stride(from: 0, to: bytes.count, by: size).map {
                            Array(bytes[$0..<min($0 + size, bytes.count)])
                        }
                    )
                }
            }
        )
        defer { server.stop() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<24 {
                group.addTask {
                    let number = index % bodies.count
                    let received = try await transport.receive(server.request(.get, "/\(number)"))
                    return received.error == nil && received.body == bodies[number]
                }
            }
            for try await isSame in group { #expect(isSame) }
        }
    }

    @Test("a reader that is cancelled at a full buffer gets no byte after that, and closes the connection")
    func cancelledReader() async throws {
        let body = [UInt8](repeating: 7, count: 32 << 20)
        let server = try ScriptedServer([.pieces([body]), .body("next")])
        defer { server.stop() }
        let response = try await transport.send(server.request())
        let reader = Task {
            var count = 0
            do {
                for try await piece in response.body {
                    count += piece.count
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            } catch is CancellationError {
                return count
            }
            return -1
        }
        let count = try await reader.value
        #expect(count > 0 && count < body.count)
        #expect(await server.outcome(of: 0) == .clientClosed)
        #expect(try await transport.receive(server.request()).text == "next")
    }

    @Test("a rest that is discarded at a full buffer does not delay the next request", arguments: excesses)
    func discardingReader(excess: Int) async throws {
        let server = try ScriptedServer([.pieces([Self.bytes(Self.limit + excess)]), .body("other"), .body("next")])
        defer { server.stop() }
        let response = try await transport.send(server.request())
        #expect(try await transport.receive(server.request()).text == "other")
        response.body.discard()
        #expect(try await transport.receive(server.request()).text == "next")
        #expect(await server.outcome(of: 0) != nil)
    }

    @Test("a transport that is released while its responses are used cancels them")
    func releasedTransport() async throws {
        let large = ScriptedServer.Reply.pieces([[UInt8](repeating: 7, count: 8 << 20)])
        let server = try ScriptedServer((0..<200).map { $0 % 2 == 0 ? .hanging("a") : large })
        defer { server.stop() }
        for round in 0..<25 {
            let owner = Owner()
            var responses: [HTTPResponse] = []
            for _ in 0..<8 {
                let sender = owner.transport.withLock { $0 }
                responses.append(try await #require(sender).send(server.request()))
            }
            await withTaskGroup(of: Bool.self) { group in
                for (index, response) in responses.enumerated() {
                    group.addTask { await Self.use(response, way: index / 2) }
                }
                responses = []
                group.addTask {
                    owner.transport.withLock { $0 = nil }
                    return true
                }
                for await isRight in group { #expect(isRight) }
            }
            for index in round * 8..<(round + 1) * 8 { #expect(await server.outcome(of: index) != nil) }
        }
    }

    /// Uses a response in one of four ways.
    ///
    /// - Returns: False if reading neither reaches the end nor fails with `CancellationError`.
    private static func use(_ response: HTTPResponse, way: Int) async -> Bool {
        if way == 0 {
            response.body.discard()
            return true
        }
        if way == 1 { return true }
        if way == 2 { withUnsafeCurrentTask { $0?.cancel() } }
        do {
            for try await _ in response.body {}
            return true
        } catch {
            return error is CancellationError
        }
    }
}
