/// An image in the result of a tool.
public struct ToolImage: Sendable, Hashable {
    /// The media type of the bytes, such as `image/png` or `image/jpeg`.
    public var mediaType: String
    /// The encoded image.
    public var bytes: [UInt8]

    /// Creates an image.
    ///
    /// - Parameters:
    ///   - mediaType: The media type of the bytes, such as `image/png` or `image/jpeg`.
    ///   - bytes: The encoded image.
    public init(mediaType: String, bytes: [UInt8]) {
        self.mediaType = mediaType
        self.bytes = bytes
    }

    /// Creates an image from bytes in the PNG format.
    public static func png(_ bytes: [UInt8]) -> ToolImage { ToolImage(mediaType: "image/png", bytes: bytes) }

    /// Creates an image from bytes in the JPEG format.
    public static func jpeg(_ bytes: [UInt8]) -> ToolImage { ToolImage(mediaType: "image/jpeg", bytes: bytes) }
}
