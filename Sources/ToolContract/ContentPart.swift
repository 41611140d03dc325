/// A part of the content of a tool's result: bytes of one media type.
///
/// The same type is used from the tool's reply to the message for the model. A result has at most 1,024 parts. The
/// host limits the bytes of one result, and of all results of one message. A result that exceeds a limit is truncated
/// and marked.
public struct ContentPart: Sendable, Hashable {
    /// The media type of plain text.
    public static let plainTextType = "text/plain; charset=utf-8"

    /// The media type of a JSON value.
    public static let jsonType = "application/json"

    /// The media type of the bytes, such as `text/plain; charset=utf-8`, `application/json` or `image/png`.
    ///
    /// It has at most 127 printable ASCII characters, with a slash among them. The host converts it to lower case, and
    /// rejects the part if it is not a media type.
    public var mediaType: String

    /// The content.
    ///
    /// Text and JSON are UTF-8.
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

    /// Creates a part of plain text.
    public static func text(_ text: String) -> ContentPart {
        ContentPart(mediaType: plainTextType, bytes: Array(text.utf8))
    }

    /// A Boolean value that indicates whether the part is an image.
    public var isImage: Bool { mediaType.hasPrefix("image/") }

    /// A Boolean value that indicates whether the part can be read as text: plain text of any kind, or JSON.
    public var isText: Bool { mediaType.hasPrefix("text/") || mediaType.hasPrefix(Self.jsonType) }
}
