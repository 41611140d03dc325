import NIOCore
import NIOHTTP1
import NIOPosix
import ToolJSON

/// Serves the protocol on loopback.
struct RehearsalServer {
    private static let maximumBody = 64 << 20

    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>

    private let listener: NIOAsyncChannel<Connection, Never>

    /// Listens on a port of 127.0.0.1; 0 takes a free one.
    init(port: Int) async throws {
        listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(ByteBufferResponseHandler())
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// The port it listens on.
    var port: Int? { listener.channel.localAddress?.port }

    /// Answers until the task is cancelled.
    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { connections in
                for try await connection in connections {
                    // A client that goes away ends its own connection and nothing else.
                    group.addTask { try? await Self.serve(connection) }
                }
            }
        }
    }

    private static func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var head: HTTPRequestHead?
            var body: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let newHead):
                    head = newHead
                    body = []
                    let announced = newHead.headers["content-length"].first.flatMap { Int($0) } ?? 0
                    guard announced <= maximumBody else { return try await refuse(newHead, outbound) }
                case .body(let bytes):
                    guard body.count + bytes.readableBytes <= maximumBody else {
                        return try await refuse(head, outbound)
                    }
                    body.append(contentsOf: bytes.readableBytesView)
                case .end:
                    guard let current = head else { return }
                    let response = Router().response(current.method, current.uri, body)
                    try await send(response, to: current, current.isKeepAlive, outbound)
                    if !current.isKeepAlive { return }
                }
            }
        }
    }

    private typealias Writer = NIOAsyncChannelOutboundWriter<HTTPPart<HTTPResponseHead, ByteBuffer>>

    private static func refuse(_ request: HTTPRequestHead?, _ outbound: Writer) async throws {
        let error = WireError(status: 413, message: "the request body is larger than \(maximumBody) bytes")
        try await send(Response(error), to: request, false, outbound)
    }

    private static func send(
        _ response: Response,
        to request: HTTPRequestHead?,
        _ keepsAlive: Bool,
        _ outbound: Writer
    ) async throws {
        var headers = HTTPHeaders([("content-type", response.contentType)])
        if let allowed = response.allowed { headers.add(name: "allow", value: allowed) }
        if !keepsAlive { headers.add(name: "connection", value: "close") }
        let pieces: [ByteBuffer]
        switch response.body {
        case .text(let text): pieces = [ByteBuffer(string: text)]
        case .json(let value): pieces = [ByteBuffer(bytes: value.bytes())]
        case .lines(let values): pieces = values.map { ByteBuffer(bytes: $0.bytes() + [UInt8(ascii: "\n")]) }
        }
        if case .lines = response.body {
            // Without a length the body is sent in chunks.
        } else {
            headers.add(name: "content-length", value: String(pieces.reduce(0) { $0 + $1.readableBytes }))
        }
        let version = request?.version ?? .http1_1
        try await outbound.write(.head(HTTPResponseHead(version: version, status: response.status, headers: headers)))
        if request?.method != .HEAD {
            for piece in pieces { try await outbound.write(.body(piece)) }
        }
        try await outbound.write(.end(nil))
    }
}
