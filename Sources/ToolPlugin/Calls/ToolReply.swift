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

        /// A piece of plain text.
        public static func text(_ text: String) -> Part {
            Part(mediaType: "text/plain; charset=utf-8", bytes: Array(text.utf8))
        }

        /// A JSON value.
        public static func json(_ value: JSON) -> Part {
            Part(mediaType: "application/json", bytes: value.bytes())
        }

        /// A picture.
        public static func image(_ image: ToolImage) -> Part {
            Part(mediaType: image.mediaType, bytes: image.bytes)
        }
    }

    /// The pieces in order.
    public var parts: [Part]

    /// An answer of several pieces.
    public init(_ parts: [Part]) { self.parts = parts }

    /// An answer that is one text.
    public static func text(_ text: String) -> ToolReply { ToolReply([.text(text)]) }

    /// An answer that is one JSON value.
    public static func json(_ value: JSON) -> ToolReply { ToolReply([.json(value)]) }
}

extension ToolReply: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self = .text(value) }
}

/// A picture that a tool answers with.
public struct ToolImage: Sendable, Hashable {
    /// What the bytes are: `image/png`, `image/jpeg`.
    public var mediaType: String
    /// The picture itself.
    public var bytes: [UInt8]

    /// A picture.
    public init(mediaType: String, bytes: [UInt8]) {
        self.mediaType = mediaType
        self.bytes = bytes
    }

    /// A picture in the PNG format.
    public static func png(_ bytes: [UInt8]) -> ToolImage { ToolImage(mediaType: "image/png", bytes: bytes) }

    /// A picture in the JPEG format.
    public static func jpeg(_ bytes: [UInt8]) -> ToolImage { ToolImage(mediaType: "image/jpeg", bytes: bytes) }
}

// MARK: - What functions return

// All of them throw, as the macros cannot know which of them they call.
extension ToolReply {
    /// What a function without a result answers: a model takes silence for a failure.
    public init(returning nothing: Void) throws { self = .text("Done.") }

    /// A text, as it is.
    public init(returning text: String) throws { self = .text(text) }

    /// A JSON value.
    public init(returning value: JSON) throws { self = .json(value) }

    /// A picture.
    public init(returning image: ToolImage) throws { self.init([.image(image)]) }

    /// Several parts.
    public init(returning parts: [Part]) throws { self.init(parts) }

    /// An answer as it is.
    public init(returning reply: ToolReply) throws { self = reply }

    /// A value as JSON.
    ///
    /// - Throws: `EncodingError` where JSON has no form for it.
    public init(returning value: some Encodable) throws { self = .json(try JSON(encoding: value)) }
}
