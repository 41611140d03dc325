/// What a call has written, in pieces.
package struct CallOutput: Sendable {
    /// One piece: what it is, and its bytes.
    package struct Part: Sendable {
        package let mediaType: String
        package var bytes: [UInt8]
    }

    /// The pieces in order; neighbours differ in type.
    package private(set) var parts: [Part] = []

    /// Whether something did not fit and was refused.
    package private(set) var isTruncated = false

    private var count = 0
    private static let maximumParts = 1024

    /// Appends, unless it would exceed the limit in bytes.
    mutating func append(_ mediaType: String, _ bytes: UnsafeRawBufferPointer, limit: Int) -> Bool {
        let continues = parts.last?.mediaType == mediaType && !mediaType.hasPrefix("image/")
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
