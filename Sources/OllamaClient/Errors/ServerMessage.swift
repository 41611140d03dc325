package import ToolJSON

/// A message about a failure from a server, or from a proxy in front of it.
///
/// A message can have any length. llama.cpp puts the cause last, so a long message loses its middle, never its end.
package enum ServerMessage {
    /// The maximum number of characters (Unicode scalars) of a message that are shown.
    private static let shownCharacters = 500
    /// The maximum number of characters that are searched line by line or for a map.
    private static let maximumCharacters = 16 << 10
    /// The maximum size of JSON inside a message, in bytes.
    private static let maximumJSON = 1 << 20

    // MARK: - Finding the message

    /// Returns the message in a response that is not a success.
    ///
    /// - Parameters:
    ///   - json: The body as JSON, or nil if it is not JSON.
    ///   - body: The body: JSON of any form, plain text, HTML or nothing.
    static func message(in json: JSON?, _ body: [UInt8]) -> String {
        if let json, let message = reported(by: json) { return message }
        // These keys are those of proxies and other servers.
        for key in ["message", "detail", "error_description", "title"] {
            if let text = json?[key]?.string, !text.isEmpty { return beginningAndEnd(of: text) }
        }
        return plain(body)
    }

    /// Returns the message in a line or a response that reports a failure, or nil if it reports none.
    ///
    /// The member `error` has the message: as a string, as an object with a `message`, or as JSON inside a string.
    package static func reported(by json: JSON) -> String? {
        guard let members = json.object else { return nil }
        if let error = members["error"], !error.isNull {
            switch error {
            case .string(let text): return unwrapped(text)
            case .object(let inner): return beginningAndEnd(of: inner["message"]?.string ?? text(of: error))
            default: return beginningAndEnd(of: text(of: error))
            }
        }
        // A bug of an old parser: the key is the message.
        return members.first { $0.key.hasPrefix("error parsing tool call") }
            .map { "\(beginningAndEnd(of: $0.key)) \(beginningAndEnd(of: text(of: $0.value)))" }
    }

    private static func beginningAndEnd(of text: String) -> String { shortened(text, to: maximumCharacters) }

    private static func text(of json: JSON) -> String { json.text(upTo: maximumJSON).text }

    /// Returns the message inside JSON, or inside a map as Go prints it, with the text before it.
    private static func unwrapped(_ text: String) -> String {
        if text.utf8.count <= maximumJSON, let brace = text.utf8.firstIndex(of: UInt8(ascii: "{")),
            let inner = try? JSON(parsing: String(text[brace...]), limits: JSONLimits(values: 1 << 12)),
            let message = inner[pointer: "/error/message"]?.string ?? inner["error"]?.string
        {
            return beginningAndEnd(of: "\(text[..<brace])\(message)")
        }
        let text = beginningAndEnd(of: text)
        guard let map = text.firstRange(of: "map[code:"),
            let start = text[map.upperBound...].firstRange(of: "message:")
        else { return text }
        let rest = text[start.upperBound...]
        let message = rest.ranges(of: " type:").last.map { rest[..<$0.lowerBound] } ?? rest
        return "\(text[..<map.lowerBound])\(message)"
    }

    /// Returns the body as a string: the title of a web page, or else the whole body.
    static func plain(_ body: [UInt8]) -> String {
        let start = Array(body.prefix(4096))
        let lower = start.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
        let text = String(decoding: start, as: UTF8.self)
        guard ["<html", "<!doctype"].contains(where: { lower.firstRange(of: Array($0.utf8)) != nil }) else {
            guard body.count > 2 * maximumCharacters else {
                return beginningAndEnd(of: String(decoding: body, as: UTF8.self))
            }
            return text + " … " + String(decoding: body.suffix(maximumCharacters), as: UTF8.self)
        }
        var title = text
        if let tag = lower.firstRange(of: Array("<title".utf8)),
            let open = lower[tag.upperBound...].firstIndex(of: UInt8(ascii: ">")),
            let end = lower[open...].firstIndex(of: UInt8(ascii: "<"))
        {
            title = String(decoding: start[(open + 1)..<end], as: UTF8.self)
        }
        return "\(shown(title)) (a web page, so a proxy or another program may have answered)"
    }

    // MARK: - Showing the message

    /// Returns a string on one line, without the middle if it is long.
    ///
    /// llama.cpp quotes lines of a template between its message and the cause. These lines are dropped.
    static func shown(_ text: String) -> String {
        var lines = text.split(whereSeparator: \.isNewline).map { line in
            let start = line.drop(while: \.isWhitespace)
            return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
        }
        lines.removeAll(where: \.isEmpty)
        if let start = lines.firstIndex(where: { $0.hasPrefix("---") || $0.hasPrefix("While executing") }),
            let end = lines[start...].lastIndex(where: { $0.hasPrefix("Error:") })
        {
            lines.removeSubrange(start..<end)
        }
        return shortened(lines.joined(separator: " "))
    }

    /// Returns a string without its middle if it is longer than a number of characters.
    static func shortened(_ text: String, to limit: Int = shownCharacters) -> String {
        let scalars = text.unicodeScalars
        guard text.utf8.count > limit, scalars.count > limit else { return text }
        return "\(String(scalars.prefix(limit / 3))) … \(String(scalars.suffix(limit - limit / 3)))"
    }

    /// Returns an address without the user name and the password.
    static func withoutUser(_ url: String) -> String {
        guard let start = url.firstRange(of: "//")?.upperBound else { return url }
        let authority = url.utf8[start...].prefix { !"/?#".utf8.contains($0) }
        guard let end = authority.lastIndex(of: UInt8(ascii: "@")) else { return url }
        return "\(url[..<start])\(url[url.utf8.index(after: end)...])"
    }

    /// Returns the name of an HTTP status, or nil for an uncommon one.
    static func name(of status: Int) -> String? {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 407: "Proxy Authentication Required"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: nil
        }
    }
}
