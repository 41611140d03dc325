import Glibc
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
    /// A part that is missing or wrong takes its default, as in Ollama itself.
    ///
    /// A user name and a password before the host (`https://user:password@example.com`) are sent with each request as Basic
    /// authentication. Like a key, they are withheld over plain HTTP to another machine. If any part of a setting with an
    /// `@` is wrong or ambiguous, every request to the endpoint fails: the password must not go to another place.
    public init(parsing setting: String) {
        do throws(Refusal) {
            self = try Self(checking: setting.trimmed(of: " \t\r\n").trimmed(of: "\"'"))
        } catch {
            self = OllamaEndpoint(refusal: error.reason)
        }
    }

    /// The reason why a setting is refused, in a sentence without any part of the setting.
    private struct Refusal: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private init(checking setting: String) throws(Refusal) {
        if setting.hasPrefix("unix:/") {
            let path = setting.dropFirst("unix:".count)
            let rest = path.hasPrefix("//") ? path.dropFirst(2) : path
            guard !rest.prefix(while: { $0 != "/" }).utf8.contains(UInt8(ascii: "@")) else {
                throw Refusal("A Unix socket takes no user name.")
            }
            (scheme, host, port, basePath) = ("http", "localhost", 80, "")
            // A relative path would send the key to a socket that the owner of the working directory chooses.
            socketPath = rest.hasPrefix("/") ? String(rest) : "/\(rest)"
            warning = rest.hasPrefix("/") ? nil : "OLLAMA_HOST names a socket without a leading slash; one is added."
            credentials = nil
            refusal = nil
            return
        }
        // Any part of such a setting may be of a password, so none is ignored, replaced or quoted. Bytes, since a character
        // can be a delimiter with an accent. The resolver of international names turns the last two at signs into the first.
        let atSigns = ["@", "\u{FF20}", "\u{FE6B}"]
        let hasAtSign = (atSigns + ["%40"]).contains { setting.utf8.firstRange(of: $0.utf8) != nil }
        if hasAtSign, setting.utf8.contains(where: "?#\\".utf8.contains) {
            throw Refusal("Write ? in a password as %3F, # as %23, and \\ as %5C. No other part can have one of them.")
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
                if hasAtSign { throw Refusal("Its scheme is neither http nor https.") }
                warning = "OLLAMA_HOST begins with an unknown scheme \(scheme.prefix(20)); http is used."
                scheme = "http"
            }
        }
        let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/"))
        let path = slash.map { rest[rest.utf8.index(after: $0)...] } ?? ""
        rest = rest[..<(slash ?? rest.endIndex)]
        guard !atSigns.contains(where: { path.utf8.firstRange(of: $0.utf8) != nil }) else {
            throw Refusal("It has an @ after a slash. Write / in a password as %2F, and @ in a path as %40.")
        }
        var credentials: BasicCredentials?
        if let end = rest.utf8.lastIndex(of: UInt8(ascii: "@")) {
            if end != rest.startIndex {
                if rest.startIndex == setting.startIndex,
                    ["http:", "https:", "unix:"].contains(where: rest.lowercased().hasPrefix)
                {
                    throw Refusal("Its scheme must be followed by ://.")
                }
                credentials = BasicCredentials(userInformation: rest[..<end])
                guard credentials != nil else {
                    throw Refusal(
                        "The user name must not contain a colon, and the user name and password must not contain control "
                            + "characters."
                    )
                }
            }
            rest = rest[rest.utf8.index(after: end)...]
        }
        if !setting.contains("://"), slash == nil, rest == "ollama.com" { scheme = "https" }
        if scheme == "https" { defaultPort = 443 }
        let (host, port) = Self.split(rest)
        guard !hasAtSign || host.isHost else {
            throw Refusal("Its host is not a name or a numeric address.")
        }
        var number = defaultPort
        if let port {
            if let value = Int(port), 0...65535 ~= value {
                number = value
            } else {
                if hasAtSign { throw Refusal("Its port is not a number up to 65535.") }
                // Without a host it may be a password.
                warning = "OLLAMA_HOST names a port that is not a number up to 65535; \(defaultPort) is used."
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
        if credentials != nil, !isConfidential {
            self.warning =
                "The user name and password in OLLAMA_HOST are not sent, since the address is plain http to another "
                + "machine. Use https."
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
            // Anything else than a port after the brackets is a wrong port.
            return (host, rest.isEmpty ? nil : rest.first == ":" ? rest.dropFirst() : rest)
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

    /// A Boolean value that indicates whether a key or a password may be sent there: never in the clear over a network.
    public var isConfidential: Bool { scheme == "https" || isLoopback }
}

extension Substring {
    /// True for an IPv6 address, for the characters of a name or an IPv4 address, and for an empty string.
    fileprivate var isHost: Bool {
        if utf8.contains(UInt8(ascii: ":")) {
            var address = in6_addr()
            return !utf8.contains(0) && inet_pton(AF_INET6, String(self), &address) == 1
        }
        return unicodeScalars.allSatisfy { scalar in
            "-._".unicodeScalars.contains(scalar) || scalar.properties.isAlphabetic
                || scalar.properties.numericType == .decimal
        }
    }

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
