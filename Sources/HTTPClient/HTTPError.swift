/// A request that failed before its response was complete.
public struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    ///
    /// More may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case libraryUnavailable, invalidRequest, connectionFailed, connectTimedOut, certificateRejected
            case responseTimedOut, bodyTimedOut, connectionLost, invalidResponse
        }

        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// The system's libcurl is missing, too old, or cannot do what the address needs.
        public static let libraryUnavailable = Code(.libraryUnavailable)
        /// The request cannot be sent as it is: a malformed address, or a line break in a header.
        public static let invalidRequest = Code(.invalidRequest)
        /// There is no connection to the server or its proxy: no such name, refused, unreachable, no TLS.
        public static let connectionFailed = Code(.connectionFailed)
        /// The connection was not complete in time.
        public static let connectTimedOut = Code(.connectTimedOut)
        /// The server's certificate is not valid for it.
        public static let certificateRejected = Code(.certificateRejected)
        /// The response did not begin in time.
        public static let responseTimedOut = Code(.responseTimedOut)
        /// The next piece of the body did not come in time.
        public static let bodyTimedOut = Code(.bodyTimedOut)
        /// The connection ended before the response was complete.
        public static let connectionLost = Code(.connectionLost)
        /// The bytes that came are not an HTTP response, or its head is too long.
        public static let invalidResponse = Code(.invalidResponse)
    }

    /// The kind of failure.
    public let code: Code
    /// The reason, without a full stop: `Connection refused`.
    ///
    /// Parts of it may come from the server.
    public let reason: String

    /// Creates an error.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { "\(code): \(reason)" }
}
