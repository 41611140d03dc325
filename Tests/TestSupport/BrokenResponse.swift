/// A way in which a server, or a proxy in front of it, sends a good body.
public struct BrokenResponse: Sendable, CustomStringConvertible {
    /// The name of the way.
    public let description: String
    /// The code of the error of a client, or nil if the answer is complete.
    public let code: String?
    private let make: @Sendable (_ body: String, _ type: String) -> ScriptedServer.Reply

    /// Creates a way to send a body.
    private init(
        _ name: String,
        _ code: String? = nil,
        _ make: @escaping @Sendable (_ body: String, _ type: String) -> ScriptedServer.Reply
    ) {
        (description, self.code, self.make) = (name, code, make)
    }

    /// Creates a way to send a body after a head, in which `TYPE` and `LENGTH` are replaced.
    private init(_ name: String, _ code: String? = nil, head: String) {
        self.init(name, code) { body, type in
            let head = head.replacing("TYPE", with: type).replacing("LENGTH", with: "\(body.utf8.count)")
            return ScriptedServer.Reply.raw([Array((head + body).utf8)]).thenClosing
        }
    }

    /// Returns the reply for a good body.
    public func reply(_ body: String, type: String) -> ScriptedServer.Reply { make(body, type) }

    /// All ways.
    public static let all = [
        BrokenResponse(
            "HTTP/1.0 up to the end of the connection",
            head: "HTTP/1.0 200 OK\r\nContent-Type: TYPE\r\n\r\n"
        ),
        BrokenResponse(
            "HTTP/1.0 with a length",
            head: "HTTP/1.0 200 OK\r\nContent-Type: TYPE\r\nContent-Length: LENGTH\r\n\r\n"
        ),
        BrokenResponse("no headers", head: "HTTP/1.1 200 OK\r\n\r\n"),
        BrokenResponse("a length beyond the body", head: "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n"),
        BrokenResponse(
            "interim responses",
            head: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
        ),
        BrokenResponse(
            "an encoding that changes nothing",
            head: "HTTP/1.1 200 OK\r\nContent-Encoding: Identity\r\n\r\n"
        ),
        BrokenResponse(
            "a compressed body",
            "invalidResponse",
            head: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\u{1F}"
        ),
        BrokenResponse(
            "a compressed error",
            "rateLimited",
            head: "HTTP/1.1 429 Too Many\r\nContent-Encoding: br\r\n\r\n\u{1F}"
        ),
        BrokenResponse("no length", "incompleteResponse", head: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        BrokenResponse("no content", "incompleteResponse", head: "HTTP/1.1 204 No Content\r\n\r\n"),
        BrokenResponse("a negative length", "invalidResponse", head: "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        BrokenResponse("another protocol", "invalidResponse", head: "SSH-2.0-OpenSSH\r\n"),
        BrokenResponse("a redirect to another host", "redirected") { _, _ in
            .redirect(to: "http://192.0.2.1/api/chat")
        },
        BrokenResponse("a redirect to a file", "redirected") { _, _ in .redirect(to: "file:///etc/passwd", status: 302)
        },
    ]
}

extension ScriptedServer.Reply {
    /// Returns the reply that is a prefix of a response, after which the connection is reset.
    public static func reset(after count: Int, of body: String, type: String) -> Self {
        let whole = "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nConnection: close\r\n\r\n" + body
        var reply = Self.raw([Array(whole.utf8.prefix(count))])
        reply.steps.append(.reset)
        return reply
    }

    /// Returns a stream of a megabyte without a line break, repeated until it is longer than 64 MiB.
    public static func longLine(beginning start: String, type: String) -> Self {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let steps = [Step.bytes(Array(start.utf8))] + Array(repeating: .bytes(piece), count: 65)
        return Self(headers: [("Content-Type", type)], steps: steps)
    }
}
