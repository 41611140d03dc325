public import ToolContract
public import ToolJSON

/// The result of a tool: one or more parts of text, JSON or other media types.
public struct ToolReply: Sendable, Hashable {
    /// The parts, in order.
    public var parts: [ContentPart]

    /// Creates a result of several parts.
    public init(_ parts: [ContentPart]) { self.parts = parts }

    /// Creates a result of one text.
    public static func text(_ text: String) -> ToolReply { ToolReply([.text(text)]) }

    /// Creates a result of one JSON value.
    public static func json(_ value: JSON) -> ToolReply { ToolReply([.json(value)]) }
}

extension ContentPart {
    /// Creates a part of a JSON value.
    public static func json(_ value: JSON) -> ContentPart {
        ContentPart(mediaType: jsonType, bytes: value.bytes())
    }

    /// Creates a part of an image.
    public static func image(_ image: ToolImage) -> ContentPart {
        ContentPart(mediaType: image.mediaType, bytes: image.bytes)
    }
}

extension ToolReply: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self = .text(value) }
}

// MARK: - Results of functions

// All of these throw, because the macros cannot know which of them an expansion calls.
extension ToolReply {
    /// Creates the result of a function that returns nothing: `Done.`.
    ///
    /// Models take an empty result for a failure.
    public init(returning nothing: Void) throws { self = .text("Done.") }

    /// Creates a result of one text.
    public init(returning text: String) throws { self = .text(text) }

    /// Creates a result of one JSON value.
    public init(returning value: JSON) throws { self = .json(value) }

    /// Creates a result of one image.
    public init(returning image: ToolImage) throws { self.init([.image(image)]) }

    /// Creates a result of several parts.
    public init(returning parts: [ContentPart]) throws { self.init(parts) }

    /// Returns the result unchanged.
    public init(returning reply: ToolReply) throws { self = reply }

    /// Creates a result of one value as JSON.
    ///
    /// - Throws: `EncodingError` if JSON cannot represent the value.
    public init(returning value: some Encodable) throws { self = .json(try JSON(encoding: value)) }
}
