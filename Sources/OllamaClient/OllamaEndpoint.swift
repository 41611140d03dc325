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
    /// A sentence about a part of the setting that is wrong and was ignored, or `nil` if there is none.
    public let warning: String?

    /// Creates the endpoint that the environment names: `OLLAMA_HOST`, or this machine.
    public init(environment: [String: String]) {
        self.init(parsing: environment["OLLAMA_HOST"] ?? "")
    }

    /// Creates the endpoint that a setting names: `example.com`, `https://example.com/ollama`, `:1234`, `::1`.
    ///
    /// A setting never fails: a part that is missing or wrong takes its default, as in Ollama itself.
    public init(parsing setting: String) {
        let setting = setting.trimmed(of: " \t\r\n").trimmed(of: "\"'")
        if setting.hasPrefix("unix:/") {
            let path = setting.dropFirst("unix:".count)
            let rest = path.hasPrefix("//") ? path.dropFirst(2) : path
            (scheme, host, port, basePath) = ("http", "localhost", 80, "")
            // A relative path would send the key to a socket that the owner of the working directory chooses.
            socketPath = rest.hasPrefix("/") ? String(rest) : "/\(rest)"
            warning = rest.hasPrefix("/") ? nil : "OLLAMA_HOST names a socket without a leading slash; one is added."
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
        var warning: String?
        if let end = rest.lastIndex(of: "@") {
            // Ollama's programs know no password, and would take this name for the host.
            rest = rest[rest.index(after: end)...]
            warning = "OLLAMA_HOST has a user name before the host, which is ignored; a key belongs in OLLAMA_API_KEY."
        }
        let (host, port) = Self.split(rest)
        var number = defaultPort
        if let port {
            if let value = Int(port), 0...65535 ~= value {
                number = value
            } else {
                warning = "OLLAMA_HOST names the port \(port.prefix(20)), which is not a port; \(defaultPort) is used."
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

    /// The address as one writes it, without the path of a request.
    public var url: String { socketPath.map { "unix://\($0)" } ?? requestURL }

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

extension String {
    fileprivate func trimmed(of characters: String) -> String {
        var text = Substring(self)
        while let first = text.first, characters.contains(first) { text = text.dropFirst() }
        while let last = text.last, characters.contains(last) { text = text.dropLast() }
        return String(text)
    }
}
