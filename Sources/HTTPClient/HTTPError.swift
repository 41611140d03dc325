/// A failure of a request before its response was complete.
///
/// Two errors are equal if their code, reason and remedy are.
public struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    ///
    /// More codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case libraryUnavailable, invalidRequest, connectionFailed, connectTimedOut, certificateRejected
            case responseTimedOut, bodyTimedOut, connectionLost, invalidResponse
        }

        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// The system's libcurl is missing, too old, or lacks a feature that the request needs.
        public static let libraryUnavailable = Code(.libraryUnavailable)
        /// The request is not valid: the address is malformed, or a header contains a line break.
        public static let invalidRequest = Code(.invalidRequest)
        /// No connection to the server or its proxy can be made: no such name, refused, unreachable, no TLS.
        public static let connectionFailed = Code(.connectionFailed)
        /// The connection was not complete within the timeout.
        public static let connectTimedOut = Code(.connectTimedOut)
        /// The server's certificate is not valid.
        public static let certificateRejected = Code(.certificateRejected)
        /// The response did not begin within the timeout.
        public static let responseTimedOut = Code(.responseTimedOut)
        /// The next piece of the body did not arrive within the timeout.
        public static let bodyTimedOut = Code(.bodyTimedOut)
        /// The connection ended before the response was complete.
        public static let connectionLost = Code(.connectionLost)
        /// The received bytes are not an HTTP response, or its head is too long.
        public static let invalidResponse = Code(.invalidResponse)

        /// The beginning of a sentence about the failure.
        fileprivate var sentence: String {
            switch value {
            case .libraryUnavailable: "libcurl cannot send the request"
            case .invalidRequest: "The request is not valid"
            case .connectionFailed: "The connection failed"
            case .connectTimedOut: "The connection timed out"
            case .certificateRejected: "The server's certificate was rejected"
            case .responseTimedOut: "The response timed out"
            case .bodyTimedOut: "The body of the response timed out"
            case .connectionLost: "The connection was lost"
            case .invalidResponse: "The response is not valid"
            }
        }
    }

    /// An action of the user that can fix a failure.
    public struct Remedy: Sendable, Hashable {
        /// The kind of action.
        ///
        /// More kinds may be added.
        public struct Kind: Sendable, Hashable, CustomStringConvertible {
            private enum Value: String { case install, addCertificate }

            private let value: Value
            private init(_ value: Value) { self.value = value }

            public var description: String { value.rawValue }

            /// Install or update a package of the system.
            public static let install = Kind(.install)
            /// Add the certificate of the server's authority to the trusted ones.
            public static let addCertificate = Kind(.addCertificate)
        }

        /// The kind of action.
        public let kind: Kind
        /// The object of the action: the name of a package, or nil if the kind has none.
        public let subject: String?

        /// Install or update a package of the system.
        public static func install(package: String) -> Remedy { Remedy(kind: .install, subject: package) }
        /// Add the certificate of the server's authority to the trusted ones.
        public static let addCertificate = Remedy(kind: .addCertificate, subject: nil)
    }

    /// The kind of failure.
    public let code: Code
    /// The reason, as the part of a sentence without a full stop, such as `Connection refused`.
    ///
    /// Parts of it may come from the server.
    public let reason: String
    /// An action that can fix the failure, or nil if none is known.
    public let remedy: Remedy?
    /// The error that caused this one, or nil if there is none.
    ///
    /// ``CurlTransport`` sets none, because libcurl reports numbers.
    public let underlyingError: (any Error)?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - reason: The reason, as the part of a sentence without a full stop.
    ///   - remedy: An action that can fix the failure.
    ///   - underlyingError: The error that caused this one.
    public init(_ code: Code, _ reason: String, remedy: Remedy? = nil, underlyingError: (any Error)? = nil) {
        self.code = code
        self.reason = reason
        self.remedy = remedy
        self.underlyingError = underlyingError
    }

    /// The failure and its reason, in a sentence.
    public var message: String { "\(code.sentence): \(reason)." }

    public var description: String { message }

    public static func == (left: HTTPError, right: HTTPError) -> Bool {
        left.code == right.code && left.reason == right.reason && left.remedy == right.remedy
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(reason)
        hasher.combine(remedy)
    }
}
