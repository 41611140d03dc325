import LoopbackHTTP

extension ScriptedServer {
    /// The script of the response to one request.
    public struct Reply: Sendable {
        /// One step of a reply.
        public enum Step: Sendable {
            /// Sends the head now.
            ///
            /// Without this step the head is sent with the first bytes, or at the end.
            case head
            /// Writes bytes of the body in one piece, and as one chunk if the body is chunked.
            case bytes([UInt8])
            /// Waits until the gate is open or the client closes the connection.
            case wait(Gate)
            /// Closes the connection although the response is incomplete.
            case drop
            /// Resets the connection: the client's next read fails, and unsent bytes are lost.
            case reset
        }

        /// The way in which the client finds the end of the body.
        public enum Framing: Sendable {
            /// By chunks, as in Ollama's streams.
            case chunked
            /// By `Content-Length`.
            case length
            /// By the end of the connection.
            case close
            /// Unknown: the bytes of the steps are the whole response, and the server adds nothing.
            case raw
        }

        /// The status code.
        public var status: Int
        /// The headers, without those for the framing of the body.
        public var headers: [(name: String, value: String)]
        /// The way in which the client finds the end of the body.
        public var framing: Framing
        /// The steps in order.
        public var steps: [Step]
        /// True if the server closes the connection after this reply without having announced it.
        public var closesConnection = false
        /// The function that creates the reply to a request.
        var make: (@Sendable (Request) -> Reply)?

        /// Creates a reply from its steps.
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

        /// A stream of lines, each written in one piece with its newline.
        public static func lines(_ lines: String...) -> Reply { .lines(lines) }

        /// A stream of lines, each written in one piece with its newline.
        public static func lines(_ lines: [String]) -> Reply {
            Reply(steps: lines.map { .bytes(Array("\($0)\n".utf8)) })
        }

        /// A stream of lines that stalls after the last one until the client closes the connection.
        public static func hanging(_ lines: String...) -> Reply { .hanging(lines) }

        /// A stream of lines that stalls after the last one until the client closes the connection.
        public static func hanging(_ lines: [String]) -> Reply {
            var reply = Reply.lines(lines)
            reply.steps += [.head, .wait(Gate())]
            return reply
        }

        /// A chunked body of exactly these pieces.
        public static func pieces(_ pieces: [[UInt8]]) -> Reply {
            Reply(steps: pieces.map(Step.bytes))
        }

        /// Exactly these bytes, piece by piece, including the status line and the headers.
        ///
        /// The connection stays open afterwards, so that an incomplete response stalls. With ``thenClosing`` it ends.
        public static func raw(_ pieces: [[UInt8]]) -> Reply {
            Reply(headers: [], framing: .raw, steps: pieces.map(Step.bytes))
        }

        /// A body with the content type of JSON.
        public static func json(_ text: String, status: Int = 200) -> Reply {
            .body(text, status: status, type: "application/json; charset=utf-8")
        }

        /// A body of any type.
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

        /// The response to a request for a route that the server does not have.
        public static let unknownRoute = Reply.body("404 page not found", status: 404)

        /// No response: the connection is closed.
        public static let dropped = Reply(steps: [.drop])

        /// No response: the connection is reset.
        public static let reset = Reply(steps: [.reset])

        /// The same reply, sent once the gate is open.
        public func held(by gate: Gate) -> Reply {
            var reply = self
            reply.steps.insert(.wait(gate), at: 0)
            return reply
        }

        /// The same reply, after which the server closes the connection without having announced it.
        public var thenClosing: Reply {
            var reply = self
            reply.closesConnection = true
            return reply
        }

        /// The status line and the headers.
        var head: [UInt8] {
            var headers = headers
            switch framing {
            case .raw:
                return []
            case .chunked:
                headers.append(("Transfer-Encoding", "chunked"))
            case .length:
                let length = steps.reduce(0) { if case .bytes(let bytes) = $1 { $0 + bytes.count } else { $0 } }
                headers.append(("Content-Length", String(length)))
            case .close:
                headers.append(("Connection", "close"))
            }
            return Response.head(status: status, reason: "Scripted", headers: headers)
        }
    }
}
