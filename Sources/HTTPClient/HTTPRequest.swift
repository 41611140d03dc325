/// A request to an HTTP server.
public struct HTTPRequest: Sendable {
    /// The methods that Ollama's protocol uses.
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// The longest waits.
    ///
    /// Each ends the request with an error.
    public struct Timeouts: Sendable, Hashable {
        /// For the connection: the name's address, TCP, a proxy's tunnel and TLS together.
        public var connect = Duration.seconds(5)
        /// From the start until the head of the response: a server is silent while it loads a model, which can take
        /// minutes.
        public var firstByte = Duration.seconds(600)
        /// Between two pieces of the body while a reader waits for the next: a server is silent while a model writes a
        /// call.
        public var idle = Duration.seconds(300)

        /// The defaults: 5 seconds, 10 minutes, 5 minutes.
        public init() {}
    }

    /// The method.
    public var method: Method
    /// The address, `http` or `https`.
    public var url: String
    /// The headers, besides those that the transport adds: `Host`, `Content-Length`, and for want of others `Accept` and
    /// `Content-Type`.
    public var headers: [HTTPHeader]
    /// The body, or `nil` for none.
    public var body: [UInt8]?
    /// The path of a Unix socket to connect to, instead of the address's host.
    public var unixSocket: String?
    /// The longest waits.
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
