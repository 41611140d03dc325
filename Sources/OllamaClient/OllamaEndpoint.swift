import HTTPClient

/// The address of an Ollama server, by the rules that Ollama's own programs follow.
///
/// Beyond those, `unix:///run/ollama.sock` names a Unix socket.
public struct OllamaEndpoint: Sendable, Hashable {
    /// `http` or `https`.
    public let scheme: String
    /// A name or a numeric address, without brackets.
    public let host: String
    /// The port.
    public let port: Int
    /// The path before `/api`: empty, or a path that begins with a slash.
    public let basePath: String
    /// The path of a Unix socket to connect to, or `nil` for TCP.
    public let socketPath: String?
    /// A sentence about a part of the setting that needs attention, or `nil` if there is none.
    ///
    /// It never holds a user name or a password.
    public private(set) var warning: String?
    /// The user name and password in the setting, or `nil` if there are none.
    let credentials: BasicCredentials?
    /// The reason for which nothing is sent, or `nil`.
    let refusal: String?

    /// Creates the endpoint that the environment names: `OLLAMA_HOST`, or this machine.
    public init(environment: [String: String]) {
        self.init(parsing: environment["OLLAMA_HOST"] ?? "")
        if credentials != nil, warning == nil, environment["OLLAMA_API_KEY"]?.isEmpty == false {
            warning = "OLLAMA_HOST has a user name, which is sent instead of OLLAMA_API_KEY."
        }
    }

    /// Creates the endpoint that a setting names: `example.com`, `https://example.com/ollama`, `:1234`, `::1`.
    ///
    /// A part that is missing or wrong takes its default, as in Ollama itself. A user name and a password before the host
    /// (`https://user:password@example.com`) are sent with each request as Basic authentication, in the clear if
    /// the address is not `https`. If they are ambiguous or cannot be sent, every request to the endpoint fails.
    public init(parsing setting: String) {
        let setting = setting.trimmed(of: " \t\r\n").trimmed(of: "\"'")
        if setting.hasPrefix("unix:/") {
            let path = setting.dropFirst("unix:".count)
            let rest = path.hasPrefix("//") ? path.dropFirst(2) : path
            guard !rest.prefix(while: { $0 != "/" }).utf8.contains(UInt8(ascii: "@")) else {
                self = OllamaEndpoint(refusal: "A Unix socket takes no user name.")
                return
            }
            (scheme, host, port, basePath) = ("http", "localhost", 80, "")
            // A relative path would send the key to a socket that the owner of the working directory chooses.
            socketPath = rest.hasPrefix("/") ? String(rest) : "/\(rest)"
            warning = rest.hasPrefix("/") ? nil : "OLLAMA_HOST names a socket without a leading slash; one is added."
            credentials = nil
            refusal = nil
            return
        }
        // With a user name, any part of a malformed setting can be of the password.
        let isQuotable = !setting.utf8.contains(UInt8(ascii: "@"))
        func quoted(_ part: some StringProtocol) -> String {
            isQuotable && !part.isEmpty ? " \(part.prefix(20))" : ""
        }
        var scheme = "http"
        var rest = Substring(setting)
        var defaultPort = 11434
        var warning: String?
        if let separator = setting.firstRange(of: "://"), setting[..<separator.lowerBound].isScheme {
            scheme = String(setting[..<separator.lowerBound]).lowercased()
            rest = setting[separator.upperBound...]
            if scheme == "http" { defaultPort = 80 }
            if scheme != "http", scheme != "https" {
                warning = "OLLAMA_HOST begins with an unknown scheme\(quoted(scheme)); http is used."
                scheme = "http"
            }
        }
        // Bytes, since a character can be a delimiter with an accent.
        let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/"))
        let path = slash.map { rest[rest.utf8.index(after: $0)...] } ?? ""
        rest = rest[..<(slash ?? rest.endIndex)]
        guard !path.utf8.contains(UInt8(ascii: "@")) else {
            self = OllamaEndpoint(
                refusal: "It has an @ after a slash. Write / in a password as %2F, and @ in a path as %40."
            )
            return
        }
        var credentials: BasicCredentials?
        if let end = rest.utf8.lastIndex(of: UInt8(ascii: "@")) {
            if end != rest.startIndex {
                credentials = BasicCredentials(userInformation: rest[..<end])
                guard credentials != nil else {
                    self = OllamaEndpoint(
                        refusal: "Its user name has a colon, or a control character is before the host."
                    )
                    return
                }
            }
            rest = rest[rest.utf8.index(after: end)...]
        }
        if !setting.contains("://"), slash == nil, rest == "ollama.com" { scheme = "https" }
        if scheme == "https" { defaultPort = 443 }
        let (host, port) = Self.split(rest)
        var number = defaultPort
        if let port {
            if let value = Int(port), 0...65535 ~= value {
                number = value
            } else {
                warning =
                    "OLLAMA_HOST names a port\(quoted(port)) that is not a number up to 65535; \(defaultPort) is used."
            }
        }
        self.scheme = scheme
        self.host = Self.connectable(String(host))
        self.port = number
        self.warning = warning
        self.credentials = credentials
        let trimmed = String(path).trimmed(of: "/")
        basePath = trimmed.isEmpty ? "" : "/" + trimmed
        socketPath = nil
        refusal = nil
        if credentials != nil, !isConfidential, warning == nil {
            self.warning = "The password in OLLAMA_HOST is sent unencrypted, since the address is not https."
        }
    }

    /// Creates an endpoint to which nothing is sent, and which shows nothing of the setting.
    private init(refusal: String) {
        (scheme, host, port, basePath) = ("http", "", 0, "")
        socketPath = nil
        warning = nil
        credentials = nil
        self.refusal = "OLLAMA_HOST is refused. \(refusal)"
    }

    /// Splits host and port; a lone IPv6 address has no port, and needs no brackets.
    private static func split(_ text: Substring) -> (host: Substring, port: Substring?) {
        if text.first == "[", let end = text.firstIndex(of: "]") {
            let host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            return (host, rest.first == ":" ? rest.dropFirst() : nil)
        }
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        guard colons == 1, let colon = text.firstIndex(of: ":") else { return (text, nil) }
        return (text[..<colon], text[text.index(after: colon)...])
    }

    /// Returns the host to connect to: a server that listens everywhere is reached on this machine.
    private static func connectable(_ host: String) -> String {
        switch host {
        case "", "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }

    /// The address as one writes it, without a user name and the path of a request.
    public var url: String {
        if refusal != nil { return "OLLAMA_HOST" }
        return socketPath.map { "unix://\($0)" } ?? requestURL
    }

    /// The address that a request's path is appended to.
    ///
    /// For a Unix socket its host means nothing.
    var requestURL: String {
        "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)\(basePath)"
    }

    /// A Boolean value that indicates whether the server is on this machine for certain.
    public var isLoopback: Bool { socketPath != nil || LoopbackHost.contains(host) }

    /// A Boolean value that indicates whether a key may be sent there: never in the clear over a network.
    public var isConfidential: Bool { scheme == "https" || isLoopback }
}

extension Substring {
    /// True for the characters of a scheme (RFC 3986).
    fileprivate var isScheme: Bool {
        utf8.allSatisfy { byte in
            switch byte | 0x20 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "+-.".utf8.contains(byte)
            }
        }
    }
}

extension String {
    fileprivate func trimmed(of characters: String) -> String {
        var text = Substring(self)
        while let first = text.first, characters.contains(first) { text = text.dropFirst() }
        while let last = text.last, characters.contains(last) { text = text.dropLast() }
        return String(text)
    }
}
