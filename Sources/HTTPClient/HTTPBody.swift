/// The body of a response: pieces of bytes as they arrive.
///
/// Bytes are taken from the network only as fast as they are read here, apart from a buffer of a fixed size: a reader that
/// stops stops the server. Releasing the last copy before the end closes the connection. May be read from any task, by one
/// reader at a time: a second one gets an error.
public struct HTTPBody: AsyncSequence, Sendable {
    private let source: @Sendable () async throws -> [UInt8]?
    private let discardRest: @Sendable () -> Void

    /// Creates a body.
    ///
    /// - Parameters:
    ///   - discardRest: Called if the reader does not want the rest. The transport may then read a short rest to its end, so that the
    ///     connection can be used again.
    ///   - next: Returns the next piece, which is not empty, or `nil` at the end. Called again only after it has returned.
    public init(
        discardRest: @escaping @Sendable () -> Void = {},
        next: @escaping @Sendable () async throws -> [UInt8]?
    ) {
        source = next
        self.discardRest = discardRest
    }

    /// Tells the transport that the rest of the body is not wanted.
    ///
    /// Reading on after this is an error.
    public func discard() { discardRest() }

    /// Reads the whole body.
    ///
    /// - Parameter limit: The most bytes to accept.
    /// - Returns: The bytes, or `nil` if there are more than the limit.
    public func collect(limit: Int) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        for try await piece in self {
            guard piece.count <= limit - bytes.count else { return nil }
            bytes += piece
        }
        return bytes
    }

    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// The reader of a body.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: @Sendable () async throws -> [UInt8]?

        public func next() async throws -> [UInt8]? { try await source() }
    }
}
