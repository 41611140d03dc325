/// The body of a response: pieces of bytes as they arrive.
///
/// ```swift
/// for try await bytes in response.body { file.append(contentsOf: bytes) }
/// ```
///
/// Bytes are read from the network only as fast as they are read here, apart from a buffer of a fixed size. Releasing
/// the last copy of a body before its end closes the connection. A body may be read from any task, by one reader at a
/// time: a second reader gets an error.
public struct HTTPBody: AsyncSequence, Sendable {
    private let source: @Sendable () async throws -> [UInt8]?
    private let discardRest: @Sendable () -> Void

    /// Creates a body.
    ///
    /// - Parameters:
    ///   - discardRest: The function that discards the rest of the body. A transport may read a short rest to its end,
    ///     so that the connection can be reused.
    ///   - next: The function that returns the next piece, which is not empty, or nil at the end. It is called again
    ///     only after it has returned.
    public init(
        discardRest: @escaping @Sendable () -> Void = {},
        next: @escaping @Sendable () async throws -> [UInt8]?
    ) {
        source = next
        self.discardRest = discardRest
    }

    /// Discards the rest of the body.
    ///
    /// Reading from the body after this is an error.
    public func discard() { discardRest() }

    /// Reads the whole body.
    ///
    /// - Parameter limit: The maximum number of bytes.
    /// - Returns: The bytes, or nil if there are more than the limit.
    /// - Throws: The error of the transport, such as ``HTTPError``.
    public func collect(limit: Int) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        for try await piece in self {
            guard piece.count <= limit - bytes.count else { return nil }
            bytes += piece
        }
        return bytes
    }

    /// Returns the reader of the body.
    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// The reader of a body.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: @Sendable () async throws -> [UInt8]?

        /// Returns the next piece, or nil at the end.
        ///
        /// - Throws: The error of the transport, such as ``HTTPError``.
        public func next() async throws -> [UInt8]? { try await source() }
    }
}
