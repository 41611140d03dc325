/// A request to an HTTP server.
public struct HTTPRequest: Sendable {
    /// An HTTP method that Ollama's protocol uses.
    public enum Method: String, Sendable {
        /// A request without a body.
        case get = "GET"
        /// A request with a body.
        case post = "POST"
    }

    /// The maximum waiting times of a request.
    ///
    /// A request that waits longer fails with ``HTTPError``. The time to connect is limited to the range
    /// from 1 millisecond to 24 hours.
    public struct Timeouts: Sendable, Hashable {
        /// The maximum time to connect: the look-up of the name, TCP, a proxy's tunnel and TLS together.
        public var connect = Duration.seconds(5)
        /// The maximum time from the start of the request to the head of the response.
        ///
        /// A server is silent while it loads a model, which can take minutes.
        public var firstByte = Duration.seconds(600)
        /// The maximum time between two pieces of the body while a reader waits for the next one.
        ///
        /// A server is silent while a model writes a tool call.
        public var idle = Duration.seconds(300)

        /// Creates the default timeouts: 5 seconds to connect, 10 minutes to the first byte, 5 minutes between pieces.
        public init() {}
    }

    /// The method.
    public var method: Method
    /// The address, which begins with `http://` or `https://`.
    public var url: String
    /// The headers.
    ///
    /// The transport adds `Host` and `Content-Length`, and `Accept` and `Content-Type` if they are missing.
    public var headers: [HTTPHeader]
    /// The body, or nil for a request without one.
    public var body: [UInt8]?
    /// The path of a Unix socket to connect to instead of the host, of 1 to 107 bytes, or nil for TCP.
    public var unixSocket: String?
    /// The maximum waiting times.
    public var timeouts: Timeouts

    /// Creates a request.
    public init(
        _ method: Method,
        _ url: String,
        headers: [HTTPHeader] = [],
        body: [UInt8]? = nil,
        unixSocket: String? = nil,
        timeouts: Timeouts = Timeouts()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.unixSocket = unixSocket
        self.timeouts = timeouts
    }
}
