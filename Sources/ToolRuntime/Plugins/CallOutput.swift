package import ToolContract

/// The content that a call has written so far, in parts.
package struct CallOutput: Sendable {
    /// The parts in order; none if only their bytes are counted.
    ///
    /// Adjacent parts differ in media type, unless they are images.
    package private(set) var parts: [ContentPart] = []

    /// True if content was rejected because it exceeded a limit.
    package private(set) var isTruncated = false

    /// True if content was rejected because the results of the message together exceeded their limit.
    package private(set) var isOverBudget = false

    /// The number of bytes in all parts.
    package private(set) var count = 0

    /// The number of bytes that were taken from the budget of the message.
    package private(set) var taken = 0

    /// Records that content was rejected by the worker process.
    package mutating func truncate() { isTruncated = true }

    /// True if a string has the length and the characters of a media type.
    package static func isMediaType(_ text: String) -> Bool {
        text.utf8.count <= 127 && text.utf8.allSatisfy { 0x20...0x7E ~= $0 } && text.utf8.contains(UInt8(ascii: "/"))
    }

    private static let maximumParts = 1024
    /// The number of bytes that each part after the first takes from the budget beside its content.
    private static let partBytes = 256

    private let keepsBytes: Bool
    /// The media type of the last part, which is not among ``parts`` if the bytes are not stored.
    private var lastType: String?
    private var partCount = 0

    /// Creates an empty result.
    ///
    /// - Parameter keepsBytes: False to count the bytes without storing them.
    package init(keepsBytes: Bool = true) { self.keepsBytes = keepsBytes }

    /// Appends bytes, unless they exceed the limit of this result or the budget of the message.
    ///
    /// - Parameters:
    ///   - isSameWrite: True if the bytes continue the previous write. Otherwise an image begins a new part.
    ///   - limit: The maximum number of bytes of this result.
    ///   - budget: The budget of the message, or nil for no limit. Once it is used up, later bytes are rejected too: a
    ///     result is truncated at its end and has no gaps.
    /// - Returns: True if the bytes were appended.
    package mutating func append(
        _ mediaType: String,
        _ bytes: UnsafeRawBufferPointer,
        isSameWrite: Bool = false,
        limit: Int,
        budget: ResultBudget? = nil
    ) -> Bool {
        let continues = lastType == mediaType && (isSameWrite || !mediaType.hasPrefix("image/"))
        guard !isOverBudget, bytes.count <= limit - count, continues || partCount < Self.maximumParts else {
            isTruncated = true
            return false
        }
        let cost = bytes.count + (continues || partCount == 0 ? 0 : Self.partBytes)
        guard budget?.take(cost, after: taken) ?? true else {
            isTruncated = true
            isOverBudget = true
            return false
        }
        taken += cost
        count += bytes.count
        if !continues {
            partCount += 1
            lastType = mediaType
        }
        guard keepsBytes else { return true }
        if continues {
            parts[parts.count - 1].bytes.append(contentsOf: bytes)
        } else {
            parts.append(ContentPart(mediaType: mediaType, bytes: Array(bytes)))
        }
        return true
    }
}
