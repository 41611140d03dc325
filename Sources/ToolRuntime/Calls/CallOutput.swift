/// What a call has written, in pieces.
package struct CallOutput: Sendable {
    /// One piece: what it is, and its bytes.
    package struct Part: Sendable {
        package let mediaType: String
        package var bytes: [UInt8]

        package init(mediaType: String, bytes: [UInt8]) {
            self.mediaType = mediaType
            self.bytes = bytes
        }
    }

    /// The media type of plain text.
    static let plainText = "text/plain; charset=utf-8"

    /// The pieces in order; neighbours differ in type.
    package private(set) var parts: [Part] = []

    /// Whether something did not fit and was refused.
    package private(set) var isTruncated = false

    /// Notes that something was refused elsewhere.
    package mutating func truncate() { isTruncated = true }

    /// Whether a text is short enough for a media type and made of what one may be made of.
    package static func isMediaType(_ text: String) -> Bool {
        text.utf8.count <= 127 && text.utf8.allSatisfy { 0x20...0x7E ~= $0 } && text.utf8.contains(UInt8(ascii: "/"))
    }

    private var count = 0
    private static let maximumParts = 1024

    package init() {}

    /// Appends, unless it would exceed the limit in bytes.
    ///
    /// - Parameter isSameWrite: Whether it is the rest of what was appended last; otherwise a picture is one of its own.
    package mutating func append(
        _ mediaType: String,
        _ bytes: UnsafeRawBufferPointer,
        isSameWrite: Bool = false,
        limit: Int
    ) -> Bool {
        let continues = parts.last?.mediaType == mediaType && (isSameWrite || !mediaType.hasPrefix("image/"))
        guard bytes.count <= limit - count, continues || parts.count < Self.maximumParts else {
            isTruncated = true
            return false
        }
        count += bytes.count
        if continues {
            parts[parts.count - 1].bytes.append(contentsOf: bytes)
        } else {
            parts.append(Part(mediaType: mediaType, bytes: Array(bytes)))
        }
        return true
    }
}
