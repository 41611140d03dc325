package import ToolContract

/// The result of a call so far, in parts.
package struct CallOutput: Sendable {
    /// The parts in order; neighbours differ in type.
    package private(set) var parts: [ContentPart] = []

    /// True if something did not fit and was refused.
    package private(set) var isTruncated = false

    /// True if the results of the message are too long together, so that the rest of this one is refused.
    package private(set) var isOverBudget = false

    /// The bytes in all parts.
    package private(set) var count = 0

    /// The bytes that were taken from the budget of the message.
    package private(set) var taken = 0

    /// Notes that something was refused elsewhere.
    package mutating func truncate() { isTruncated = true }

    /// True if a string is short enough for a media type and has only the characters that one may have.
    package static func isMediaType(_ text: String) -> Bool {
        text.utf8.count <= 127 && text.utf8.allSatisfy { 0x20...0x7E ~= $0 } && text.utf8.contains(UInt8(ascii: "/"))
    }

    private static let maximumParts = 1024
    /// The bytes that each part but the first takes besides its own.
    private static let partBytes = 256

    private let keepsBytes: Bool

    /// Creates an empty result.
    ///
    /// - Parameter keepsBytes: False if only the sizes are of interest, and the parts are to stay empty.
    package init(keepsBytes: Bool = true) { self.keepsBytes = keepsBytes }

    /// Appends bytes, unless they exceed the limit of this result or the budget of the message.
    ///
    /// - Parameters:
    ///   - isSameWrite: True if these bytes belong to the write before; otherwise each picture is a part by itself.
    ///   - limit: The most bytes of this result.
    ///   - budget: The budget of the message, if there is one. Once it is used up, no more bytes are taken: a result
    ///     has a beginning and no holes.
    package mutating func append(
        _ mediaType: String,
        _ bytes: UnsafeRawBufferPointer,
        isSameWrite: Bool = false,
        limit: Int,
        budget: ResultBudget? = nil
    ) -> Bool {
        let continues = parts.last?.mediaType == mediaType && (isSameWrite || !mediaType.hasPrefix("image/"))
        guard !isOverBudget, bytes.count <= limit - count, continues || parts.count < Self.maximumParts else {
            isTruncated = true
            return false
        }
        let cost = bytes.count + (continues || parts.isEmpty ? 0 : Self.partBytes)
        guard budget?.take(cost, after: taken) ?? true else {
            isTruncated = true
            isOverBudget = true
            return false
        }
        taken += cost
        count += bytes.count
        if !continues { parts.append(ContentPart(mediaType: mediaType, bytes: [])) }
        if keepsBytes { parts[parts.count - 1].bytes.append(contentsOf: bytes) }
        return true
    }
}
