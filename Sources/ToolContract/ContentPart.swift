/// One part of the content of a tool's result: bytes of one media type.
public struct ContentPart: Sendable, Hashable {
    /// The media type of plain text.
    public static let plainTextType = "text/plain; charset=utf-8"

    /// The media type of a JSON value.
    public static let jsonType = "application/json"

    /// The media type of the bytes, such as `text/plain; charset=utf-8`, `application/json` or `image/png`.
    public var mediaType: String

    /// The content.
    public var bytes: [UInt8]

    /// Creates a part.
    ///
    /// - Parameters:
    ///   - mediaType: The media type, of at most 127 printable ASCII characters.
    ///   - bytes: The content; text is UTF-8.
    public init(mediaType: String, bytes: [UInt8]) {
        self.mediaType = mediaType
        self.bytes = bytes
    }

    /// A part of plain text.
    public static func text(_ text: String) -> ContentPart {
        ContentPart(mediaType: plainTextType, bytes: Array(text.utf8))
    }

    /// A Boolean value that indicates whether the part is an image.
    public var isImage: Bool { mediaType.hasPrefix("image/") }

    /// A Boolean value that indicates whether the part can be read as text: plain text of any kind, or JSON.
    public var isText: Bool { mediaType.hasPrefix("text/") || mediaType.hasPrefix(Self.jsonType) }
}
