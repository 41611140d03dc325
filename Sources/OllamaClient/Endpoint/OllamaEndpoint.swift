import HTTPClient

/// The address of an Ollama server.
///
/// A setting is read by the rules of Ollama's own programs. In addition, `unix:///run/ollama.sock` names a Unix socket.
///
/// ```swift
/// let endpoint = OllamaEndpoint(parsing: "https://example.com/ollama")
/// if let warning = endpoint.warning { print("warning: \(warning)") }
/// ```
public struct OllamaEndpoint: Sendable, Hashable {
    /// The scheme: `http` or `https`.
    public let scheme: String
    /// The host: a name or a numeric address, without brackets.
    public let host: String
    /// The port, from 0 to 65535.
    public let port: Int
    /// The path before the routes of the server: empty, or a path that begins with a slash.
    public let basePath: String
    /// The path of a Unix socket to connect to, or nil for TCP.
    public let socketPath: String?
    /// A sentence about a part of the setting that needs attention, or nil if there is none.
    ///
    /// The sentence never contains a user name or a password.
    public internal(set) var warning: String?
    /// The user name and password in the setting, or nil if there are none.
    let credentials: BasicCredentials?
    /// The kind of server at the address.
    let kind: ServerKind
    /// The reason why no request is sent, or nil if requests are sent.
    let refusal: String?

    /// Creates the endpoint that `OLLAMA_HOST` names, or the default endpoint on this machine.
    ///
    /// - Parameter environment: The environment variables.
    public init(environment: [String: String]) {
        self.init(environment: environment, kind: .ollama)
    }

    /// Creates the endpoint that the environment names for a kind of server, or its default endpoint on this machine.
    package init(environment: [String: String], kind: ServerKind) {
        self.init(parsing: environment[kind.addressVariable] ?? "", kind: kind)
        if credentials != nil, warning == nil, environment[kind.keyVariable]?.isEmpty == false {
            warning = "\(kind.addressVariable) has a user name, which is sent instead of \(kind.keyVariable)."
        }
    }

    /// Creates the endpoint that a setting names: `example.com`, `https://example.com/ollama`, `:1234`, `::1`.
    ///
    /// A part that is missing or wrong gets its default value, as in Ollama itself.
    ///
    /// A user name and a password before the host (`https://user:password@example.com`) are sent with each request as
    /// Basic authentication. Like a key, they are withheld over plain HTTP to another machine. If any part of a setting
    /// with an `@` is wrong or ambiguous, every request to the endpoint fails, so that the password cannot reach
    /// another server.
    ///
    /// - Parameter setting: The address. Surrounding white space and quotation marks are ignored.
    public init(parsing setting: String) { self.init(parsing: setting, kind: .ollama) }

    /// Creates the endpoint that a setting names for a kind of server.
    package init(parsing setting: String, kind: ServerKind) {
        do throws(Refusal) {
            self = try Self(checking: setting, kind)
        } catch {
            self = OllamaEndpoint(refusal: error.reason, kind)
        }
    }

    /// Creates an endpoint to which nothing is sent, and which contains no part of the setting.
    private init(refusal: String, _ kind: ServerKind) {
        (scheme, host, port, basePath) = ("http", "", 0, "")
        socketPath = nil
        warning = nil
        credentials = nil
        self.kind = kind
        self.refusal = "\(kind.addressVariable) is refused. \(refusal)"
    }

    init(
        scheme: String,
        host: String,
        port: Int,
        basePath: String,
        socketPath: String? = nil,
        warning: String?,
        credentials: BasicCredentials? = nil,
        kind: ServerKind = .ollama
    ) {
        (self.scheme, self.host, self.port, self.basePath) = (scheme, host, port, basePath)
        self.socketPath = socketPath
        self.warning = warning
        self.credentials = credentials
        self.kind = kind
        refusal = nil
    }

    /// The address for people, without a user name and without the path of a request.
    public var url: String {
        if refusal != nil { return kind.addressVariable }
        return socketPath.map { "unix://\($0)" } ?? requestURL
    }

    /// The address to which the path of a request is appended.
    ///
    /// For a Unix socket, the host has no meaning.
    var requestURL: String {
        "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)\(basePath)"
    }

    /// A Boolean value that indicates whether the server is certainly on this machine.
    public var isLoopback: Bool { socketPath != nil || LoopbackHost.contains(host) }

    /// A Boolean value that indicates whether keys and passwords are sent to the server.
    ///
    /// They are never sent unencrypted over a network.
    public var isConfidential: Bool { scheme == "https" || isLoopback }
}
