public import ToolJSON

extension ScriptedServer {
    /// What the server answers to one request.
    public struct Reply: Sendable {
        /// One step of a reply.
        public enum Step: Sendable {
            /// Sends the head now; otherwise it goes out just before the first bytes, or at the end.
            case head
            /// Writes these bytes of the body by themselves, in a chunk of their own where the body is chunked.
            case bytes([UInt8])
            /// Waits until the gate is open, or the client has gone.
            case wait(Gate)
            /// Closes the connection, whatever is still missing.
            case drop
        }

        /// How the client knows where the body ends.
        public enum Framing: Sendable {
            /// By chunks, as Ollama's streams.
            case chunked
            /// By `Content-Length`.
            case length
            /// By the end of the connection.
            case close
        }

        /// The status code.
        public var status: Int
        /// The headers, without those that tell the body's length.
        public var headers: [(name: String, value: String)]
        /// How the client knows where the body ends.
        public var framing: Framing
        /// What is done, in order.
        public var steps: [Step]
        /// Makes the reply once the request is there.
        var make: (@Sendable (Request) -> Reply)?

        /// A reply, step by step.
        public init(
            status: Int = 200,
            headers: [(name: String, value: String)] = [("Content-Type", "application/x-ndjson")],
            framing: Framing = .chunked,
            steps: [Step]
        ) {
            self.status = status
            self.headers = headers
            self.framing = framing
            self.steps = steps
        }

        /// A stream of lines, each written by itself and ended by a newline.
        public static func lines(_ lines: String...) -> Reply { .lines(lines) }

        /// A stream of lines, each written by itself and ended by a newline.
        public static func lines(_ lines: [String]) -> Reply {
            Reply(steps: lines.map { .bytes(Array("\($0)\n".utf8)) })
        }

        /// A stream of lines that then says nothing more until the client goes away.
        public static func hanging(_ lines: String...) -> Reply { .hanging(lines) }

        /// A stream of lines that then says nothing more until the client goes away.
        public static func hanging(_ lines: [String]) -> Reply {
            var reply = Reply.lines(lines)
            reply.steps += [.head, .wait(Gate())]
            return reply
        }

        /// A stream of exactly these pieces, each written by itself.
        public static func pieces(_ pieces: [[UInt8]]) -> Reply {
            Reply(steps: pieces.map(Step.bytes))
        }

        /// One text that is JSON, or says that it is.
        public static func json(_ text: String, status: Int = 200) -> Reply {
            .body(text, status: status, type: "application/json; charset=utf-8")
        }

        /// One text of any type.
        public static func body(_ text: String, status: Int = 200, type: String = "text/plain") -> Reply {
            Reply(
                status: status,
                headers: [("Content-Type", type)],
                framing: .length,
                steps: [.bytes(Array(text.utf8))]
            )
        }

        /// A reply that depends on the request.
        public static func answering(_ make: @escaping @Sendable (Request) -> Reply) -> Reply {
            var reply = Reply(steps: [])
            reply.make = make
            return reply
        }

        /// A redirect.
        public static func redirect(to location: String, status: Int = 307) -> Reply {
            Reply(status: status, headers: [("Location", location)], framing: .length, steps: [])
        }

        /// No reply at all: the connection is closed.
        public static let dropped = Reply(steps: [.drop])

        /// The same reply, held until the gate is open.
        public func held(by gate: Gate) -> Reply {
            var reply = self
            reply.steps.insert(.wait(gate), at: 0)
            return reply
        }

        /// The status line and the headers.
        var head: [UInt8] {
            var lines = headers.map { "\($0.name): \($0.value)" }
            switch framing {
            case .chunked:
                lines.append("Transfer-Encoding: chunked")
            case .length:
                let length = steps.reduce(0) { if case .bytes(let bytes) = $1 { $0 + bytes.count } else { $0 } }
                lines.append("Content-Length: \(length)")
            case .close:
                lines.append("Connection: close")
            }
            return Array((["HTTP/1.1 \(status) Scripted"] + lines).joined(separator: "\r\n").utf8)
                + Array("\r\n\r\n".utf8)
        }
    }

    /// One request, as it was received.
    public struct Request: Sendable {
        /// The method: `POST`.
        public let method: String
        /// The path, with the query if there is one.
        public let path: String
        /// The headers in the order in which they came, their names in lower case.
        public let headers: [(name: String, value: String)]
        /// The body.
        public let body: [UInt8]

        /// The value of the first header of that name.
        public func header(_ name: String) -> String? {
            headers.first { $0.name == name.lowercased() }?.value
        }

        /// The body as JSON.
        public var json: JSON {
            get throws { try JSON(parsing: body) }
        }

        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }
    }
}
