public import ToolJSON

/// What a tool answers.
public struct ToolReply: Sendable, Hashable {
    /// One piece of an answer.
    public struct Part: Sendable, Hashable {
        /// What the bytes are: `text/plain; charset=utf-8`, `application/json`, `image/png`.
        public var mediaType: String
        /// The piece itself.
        public var bytes: [UInt8]

        /// One piece of an answer.
        public init(mediaType: String, bytes: [UInt8]) {
            self.mediaType = mediaType
            self.bytes = bytes
        }
    }

    /// The pieces in order.
    public var parts: [Part]

    /// An answer of several pieces.
    public init(_ parts: [Part]) { self.parts = parts }

    /// An answer that is one text.
    public static func text(_ text: String) -> ToolReply {
        ToolReply([Part(mediaType: "text/plain; charset=utf-8", bytes: Array(text.utf8))])
    }

    /// An answer that is one JSON value.
    public static func json(_ value: JSON) -> ToolReply {
        ToolReply([Part(mediaType: "application/json", bytes: value.bytes())])
    }
}

extension ToolReply: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self = .text(value) }
}
