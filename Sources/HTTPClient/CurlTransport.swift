import Synchronization

/// A transport over the system's libcurl, which is opened at the first request.
///
/// All transfers run on one thread, which starts with the first request and ends with this object; transfers under way
/// then fail as cancelled. Connections are kept for later requests. If one of those turns out to be closed before a byte
/// of the response has come, the request is sent once more on a new one. May be used from any task.
public final class CurlTransport: HTTPTransport {
    /// A choice of proxy.
    ///
    /// Servers on this machine are never reached through one.
    public enum Proxy: Sendable, Hashable {
        /// The proxy of `http_proxy`, `https_proxy` or `all_proxy`, apart from the hosts in `no_proxy`, by the rules of curl.
        case environment
        /// No proxy.
        case none
        /// The proxy at an address: `http://proxy.example:3128`, `socks5h://…`.
        case url(String)
    }

    /// The settings of a transport.
    public struct Configuration: Sendable, Hashable {
        /// The choice of proxy.
        public var proxy = Proxy.environment
        /// A file with the certificates of authorities to trust, in PEM, or `nil` for the system's.
        public var certificateFile: String?
        /// A directory with the certificates of authorities to trust, or `nil` for the system's.
        public var certificateDirectory: String?

        /// The defaults: the environment's proxies and the system's certificates.
        public init() {}

        /// The settings of an environment: `SSL_CERT_FILE` and `SSL_CERT_DIR`, as OpenSSL knows them.
        public init(environment: [String: String]) {
            certificateFile = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
            certificateDirectory = environment["SSL_CERT_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    private let configuration: Configuration
    private let loop = Mutex<CurlLoop?>(nil)

    /// Creates a transport.
    ///
    /// Nothing is opened yet.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    deinit { loop.withLock { $0?.end() } }

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

    /// Stops its transfer once the last reference to the response is gone.
    private final class Reader: Sendable {
        let transfer: CurlTransfer

        init(_ transfer: CurlTransfer) { self.transfer = transfer }

        deinit { transfer.cancel() }
    }
}
