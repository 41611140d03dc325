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
    /// What stands before `/api` in paths: empty, or a path that begins with a slash.
    public let basePath: String
    /// The path of a Unix socket to connect to, or `nil` for TCP.
    public let socketPath: String?
    /// What was wrong with the setting and was passed over, in a sentence.
    public let warning: String?

    /// The server that the environment names: `OLLAMA_HOST`, or this machine.
    public init(environment: [String: String]) {
        self.init(parsing: environment["OLLAMA_HOST"] ?? "")
    }

    /// The server that a setting names: `example.com`, `https://example.com/ollama`, `:1234`, `::1`.
    ///
    /// A setting never fails: what is missing or wrong takes its default, as in Ollama itself.
    public init(parsing setting: String) {
        let setting = setting.trimmed(of: " \t\r\n").trimmed(of: "\"'")
        if setting.hasPrefix("unix:/") {
            let path = setting.dropFirst("unix:".count)
            socketPath = String(path.hasPrefix("//") ? path.dropFirst(2) : path)
            (scheme, host, port, basePath, warning) = ("http", "localhost", 80, "", nil)
            return
        }
        socketPath = nil
        var scheme = "http"
        var rest = Substring(setting)
        var defaultPort = 11434
        if let separator = setting.firstRange(of: "://") {
            scheme = String(setting[..<separator.lowerBound]).lowercased()
            rest = setting[separator.upperBound...]
            if scheme == "http" { defaultPort = 80 }
        } else if rest == "ollama.com" {
            scheme = "https"
        }
        if scheme == "https" { defaultPort = 443 }
        let path: Substring
        if let slash = rest.firstIndex(of: "/") {
            path = rest[rest.index(after: slash)...]
            rest = rest[..<slash]
        } else {
            path = ""
        }
        let (host, port) = Self.split(rest)
        var warning: String?
        var number = defaultPort
        if let port {
            if let value = Int(port), 0...65535 ~= value {
                number = value
            } else {
                warning = "OLLAMA_HOST names the port \(port.prefix(20)), which is none; \(defaultPort) is used."
            }
        }
        if scheme != "http", scheme != "https" {
            warning = "OLLAMA_HOST begins with \(scheme.prefix(20))://, which is unknown; http:// is used."
            scheme = "http"
        }
        self.scheme = scheme
        self.host = Self.connectable(String(host))
        self.port = number
        self.warning = warning
        let trimmed = String(path).trimmed(of: "/")
        basePath = trimmed.isEmpty ? "" : "/" + trimmed
    }

    /// Takes host and port apart; a lone IPv6 address has no port, and needs no brackets.
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

    /// A server that listens everywhere is reached on this machine.
    private static func connectable(_ host: String) -> String {
        switch host {
        case "", "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }

    /// The address as one writes it, without the path of a request.
    public var url: String { socketPath.map { "unix://\($0)" } ?? requestURL }

    /// The address that a request's path is appended to.
    ///
    /// For a Unix socket its host means nothing.
    var requestURL: String {
        "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)\(basePath)"
    }

    /// Whether it is this machine.
    public var isLoopback: Bool { socketPath != nil || LoopbackHost.contains(host) }

    /// Whether a key may be sent there: never in the clear over a network.
    public var isConfidential: Bool { scheme == "https" || isLoopback }
}

extension String {
    fileprivate func trimmed(of characters: String) -> String {
        var text = Substring(self)
        while let first = text.first, characters.contains(first) { text = text.dropFirst() }
        while let last = text.last, characters.contains(last) { text = text.dropLast() }
        return String(text)
    }
}
