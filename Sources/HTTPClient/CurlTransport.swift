import Locks

/// A transport over the system's libcurl, which is opened at the first request.
///
/// ```swift
/// let transport = CurlTransport()
/// let response = try await transport.send(HTTPRequest(.get, "http://127.0.0.1:11434/api/version"))
/// let bytes = try await response.body.collect(limit: 1 << 20)
/// ```
///
/// All transfers run on one thread, which starts with the first request. The thread exits when the transport is
/// released; transfers in progress then fail with `CancellationError`. Connections stay open for later requests. If
/// such a connection closes before the first byte of the response, the request is sent once more, on a new connection.
///
/// A transport may be used from any task.
public final class CurlTransport: HTTPTransport {
    /// The proxy for requests.
    ///
    /// Requests to this machine never use a proxy.
    public enum Proxy: Sendable, Hashable {
        /// The proxy that the environment of this process names, by the rules of curl.
        ///
        /// The variables are `http_proxy`, `https_proxy` and `all_proxy`, and `no_proxy` for exceptions.
        case environment
        /// No proxy.
        case none
        /// The proxy at an address, such as `http://proxy.example:3128` or `socks5h://…`.
        case url(String)
    }

    /// The settings of a transport.
    public struct Configuration: Sendable, Hashable {
        /// The proxy for requests.
        public var proxy = Proxy.environment
        /// The path of a PEM file with the certificates of trusted authorities, or nil for the system's authorities.
        public var certificateFile: String?
        /// The path of a directory with the certificates of trusted authorities, or nil for the system's authorities.
        public var certificateDirectory: String?

        /// Creates the default settings: the environment's proxy and the system's authorities.
        public init() {}

        /// Creates the settings of an environment: `SSL_CERT_FILE` and `SSL_CERT_DIR`, as OpenSSL reads them.
        public init(environment: [String: String]) {
            certificateFile = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
            certificateDirectory = environment["SSL_CERT_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    private let configuration: Configuration
    private let loop = Lock<CurlLoop?>(nil)

    /// Creates a transport.
    ///
    /// - Parameter configuration: The settings.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    deinit { loop.withLock { $0?.end() } }

    /// Sends a request and waits for the head of the response.
    ///
    /// - Throws: ``HTTPError``, or `CancellationError` if the task is cancelled. An HTTP status is never an error.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let reader = Reader(CurlTransfer(request, on: try runningLoop()))
        let head = try await reader.transfer.head()
        return HTTPResponse(
            status: head.status,
            headers: head.headers,
            body: HTTPBody(discardRest: { reader.transfer.discard() }, next: { try await reader.transfer.nextPiece() })
        )
    }

    private func runningLoop() throws(HTTPError) -> CurlLoop {
        try loop.withLock { loop throws(HTTPError) in
            if let loop { return loop }
            let new = try CurlLoop(configuration)
            loop = new
            return new
        }
    }

    /// An owner of a transfer, which stops it when the last reference to the response is released.
    private final class Reader: Sendable {
        let transfer: CurlTransfer

        init(_ transfer: CurlTransfer) { self.transfer = transfer }

        deinit { transfer.cancel() }
    }
}
