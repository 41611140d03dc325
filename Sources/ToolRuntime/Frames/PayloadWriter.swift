/// A writer of the fields of a payload.
package struct PayloadWriter: Sendable {
    package internal(set) var payload: [UInt8] = []

    package init() {}

    /// Creates a writer that takes the content of a buffer over and appends to it.
    init(appendingTo bytes: inout [UInt8]) { swap(&payload, &bytes) }

    package mutating func integer(_ value: some FixedWidthInteger) { payload.append(integer: value) }

    package mutating func flag(_ value: Bool) { payload.append(value ? 1 : 0) }

    package mutating func bytes(_ bytes: some Collection<UInt8>) {
        let count = UInt32(clamping: bytes.count)
        integer(count)
        payload += bytes.prefix(Int(count))
    }

    /// Appends a string.
    ///
    /// - Parameter limit: The maximum number of bytes; the others are dropped.
    package mutating func text(_ text: String, limit: Int = .max) {
        guard text.utf8.count > limit else { return bytes(text.utf8) }
        bytes(ArraySlice(text.utf8.prefix(limit + 1)).cut(limit))
    }

    package mutating func duration(_ duration: Duration) {
        // The reader accepts at most 292 years.
        let (seconds, attoseconds) = min(max(duration, .zero), .nanoseconds(Int64.max)).components
        integer(UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000))
    }

    package mutating func remainder(_ bytes: some Collection<UInt8>) { payload += bytes }
}
