import Glibc

extension OllamaEndpoint {
    /// The reason why a setting is refused, in a sentence without any part of the setting.
    struct Refusal: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    init(checking setting: String, _ kind: ServerKind) throws(Refusal) {
        let setting = setting.trimmed(of: " \t\r\n").trimmed(of: "\"'")
        if setting.hasPrefix("unix:/") {
            self = try Self.unixSocket(setting, kind)
            return
        }
        // Any part of such a setting may belong to a password, so no part is ignored, replaced or quoted. The
        // comparison uses bytes, since a character can be a delimiter with an accent. Resolvers of international names
        // replace the last two at signs by the first.
        let atSigns = ["@", "\u{FF20}", "\u{FE6B}"]
        let hasAtSign = (atSigns + ["%40"]).contains { setting.utf8.firstRange(of: $0.utf8) != nil }
        if hasAtSign, setting.utf8.contains(where: "?#\\".utf8.contains) {
            throw Refusal("Write ? in a password as %3F, # as %23, and \\ as %5C. No other part may contain them.")
        }
        var scheme = "http"
        var rest = Substring(setting)
        var defaultPort = kind.defaultPort
        var warning: String?
        if let separator = setting.firstRange(of: "://"), setting[..<separator.lowerBound].isScheme {
            scheme = String(setting[..<separator.lowerBound]).lowercased()
            rest = setting[separator.upperBound...]
            if scheme == "http" { defaultPort = 80 }
            if scheme != "http", scheme != "https" {
                if hasAtSign { throw Refusal("Its scheme is neither http nor https.") }
                warning = "\(kind.addressVariable) begins with an unknown scheme \(scheme.prefix(20)); http is used."
                scheme = "http"
            }
        }
        let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/"))
        let path = slash.map { rest[rest.utf8.index(after: $0)...] } ?? ""
        rest = rest[..<(slash ?? rest.endIndex)]
        guard !atSigns.contains(where: { path.utf8.firstRange(of: $0.utf8) != nil }) else {
            throw Refusal("It has an @ after a slash. Write / in a password as %2F, and @ in a path as %40.")
        }
        let credentials = try Self.removeCredentials(from: &rest, of: setting)
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
                // The port is not quoted: in a setting without a host it may be a password.
                warning =
                    "\(kind.addressVariable) names a port that is not a number up to 65535; \(defaultPort) is used."
            }
        }
        let trimmed = String(path).trimmed(of: "/")
        self.init(
            scheme: scheme,
            host: Self.connectable(String(host)),
            port: number,
            basePath: trimmed.isEmpty ? kind.defaultPath : "/" + trimmed,
            warning: warning,
            credentials: credentials,
            kind: kind
        )
        if credentials != nil, !isConfidential {
            self.warning =
                "The user name and password in \(kind.addressVariable) are not sent, since the address is plain http to "
                + "another machine. Use https."
        }
    }

    private static func unixSocket(_ setting: String, _ kind: ServerKind) throws(Refusal) -> OllamaEndpoint {
        let path = setting.dropFirst("unix:".count)
        let rest = path.hasPrefix("//") ? path.dropFirst(2) : path
        guard !rest.prefix(while: { $0 != "/" }).utf8.contains(UInt8(ascii: "@")) else {
            throw Refusal("A Unix socket takes no user name.")
        }
        // A relative path would send the key to a socket that the owner of the working directory chooses.
        let isAbsolute = rest.hasPrefix("/")
        return OllamaEndpoint(
            scheme: "http",
            host: "localhost",
            port: 80,
            basePath: kind.defaultPath,
            socketPath: isAbsolute ? String(rest) : "/\(rest)",
            warning: isAbsolute
                ? nil : "\(kind.addressVariable) names a socket without a leading slash; one is added.",
            kind: kind
        )
    }

    /// Removes the user name and the password from an address without its scheme and its path, and returns them.
    private static func removeCredentials(
        from address: inout Substring,
        of setting: String
    ) throws(Refusal) -> BasicCredentials? {
        guard let end = address.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        let userInformation = address[..<end]
        let hasScheme = address.startIndex != setting.startIndex
        address = address[address.utf8.index(after: end)...]
        if userInformation.isEmpty { return nil }
        if !hasScheme, ["http:", "https:", "unix:"].contains(where: userInformation.lowercased().hasPrefix) {
            throw Refusal("Its scheme must be followed by ://.")
        }
        guard let credentials = BasicCredentials(userInformation: userInformation) else {
            throw Refusal(
                "The user name must not contain a colon, and the user name and password must not contain control "
                    + "characters."
            )
        }
        return credentials
    }

    /// Splits an address into host and port.
    ///
    /// An IPv6 address without a port needs no brackets.
    private static func split(_ text: Substring) -> (host: Substring, port: Substring?) {
        if text.first == "[", let end = text.firstIndex(of: "]") {
            let host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            // Any other text after the brackets is an invalid port.
            return (host, rest.isEmpty ? nil : rest.first == ":" ? rest.dropFirst() : rest)
        }
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        guard colons == 1, let colon = text.firstIndex(of: ":") else { return (text, nil) }
        return (text[..<colon], text[text.index(after: colon)...])
    }

    /// Returns the host to connect to.
    ///
    /// A server that listens on all addresses is reached on this machine.
    private static func connectable(_ host: String) -> String {
        switch host {
        case "", "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }
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
