public import ToolContract
public import ToolJSON

/// What a tool answers.
public struct ToolReply: Sendable, Hashable {
    /// The pieces in order.
    public var parts: [ContentPart]

    /// An answer of several pieces.
    public init(_ parts: [ContentPart]) { self.parts = parts }

    /// An answer that is one text.
    public static func text(_ text: String) -> ToolReply { ToolReply([.text(text)]) }

    /// An answer that is one JSON value.
    public static func json(_ value: JSON) -> ToolReply { ToolReply([.json(value)]) }
}

extension ContentPart {
    /// A part that holds a JSON value.
    public static func json(_ value: JSON) -> ContentPart {
        ContentPart(mediaType: jsonType, bytes: value.bytes())
    }

    /// A part that holds an image.
    public static func image(_ image: ToolImage) -> ContentPart {
        ContentPart(mediaType: image.mediaType, bytes: image.bytes)
    }
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
    public init(returning parts: [ContentPart]) throws { self.init(parts) }

    /// An answer as it is.
    public init(returning reply: ToolReply) throws { self = reply }

    /// A value as JSON.
    ///
    /// - Throws: `EncodingError` where JSON has no form for it.
    public init(returning value: some Encodable) throws { self = .json(try JSON(encoding: value)) }
}
