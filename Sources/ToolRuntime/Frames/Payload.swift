/// Reads the fields of a payload, in their order.
///
/// Every length is checked against what is there.
package struct PayloadReader: Sendable {
    @usableFromInline
    var rest: ArraySlice<UInt8>

    package init(_ bytes: some Collection<UInt8>) { rest = ArraySlice(bytes) }

    /// A reader of bytes that stay where they are.
    package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    // Inlinable for other modules: without its type it would be a hundred times slower there.
    @inlinable
    package mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self
    ) throws(FrameError) -> Value {
        let size = MemoryLayout<Value>.size
        guard rest.count >= size else { throw Self.short }
        let value = rest.withUnsafeBytes { $0.loadUnaligned(as: Value.self) }
        rest = rest.dropFirst(size)
        return Value(littleEndian: value)
    }

    package mutating func flag() throws(FrameError) -> Bool { try integer(UInt8.self) != 0 }

    package mutating func bytes() throws(FrameError) -> [UInt8] { Array(try block()) }

    /// Bytes that stay where they are: the whole payload lives as long as they do.
    package mutating func block() throws(FrameError) -> ArraySlice<UInt8> {
        let count = Int(try integer(UInt32.self))
        guard rest.count >= count else { throw Self.short }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// - Parameter limit: Bytes that are taken of it; the rest is dropped.
    package mutating func text(limit: Int = .max) throws(FrameError) -> String {
        String(decoding: try block().cut(limit), as: UTF8.self)
    }

    package mutating func duration() throws(FrameError) -> Duration {
        .nanoseconds(Int64(clamping: try integer(UInt64.self)))
    }

    /// All that has not been read.
    package mutating func remainder() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }

    /// All that has not been read, which stays unread.
    package var unread: ArraySlice<UInt8> { rest }

    /// Makes sure that nothing is left over.
    package func end() throws(FrameError) {
        guard rest.isEmpty else { throw FrameError("a payload with \(rest.count) bytes too many") }
    }

    @usableFromInline
    static let short = FrameError("a payload that ends too early")
}

/// Writes the fields of a payload.
package struct PayloadWriter: Sendable {
    package private(set) var payload: [UInt8] = []

    package init() {}

    package mutating func integer(_ value: some FixedWidthInteger) { payload.append(integer: value) }

    package mutating func flag(_ value: Bool) { payload.append(value ? 1 : 0) }

    package mutating func bytes(_ bytes: some Collection<UInt8>) {
        integer(UInt32(clamping: bytes.count))
        payload += bytes.prefix(Int(UInt32.max))
    }

    /// - Parameter limit: Bytes that go of it at most.
    package mutating func text(_ text: String, limit: Int = .max) {
        let bytes = text.utf8.count > limit ? ArraySlice(text.utf8.prefix(limit + 1)).cut(limit) : ArraySlice(text.utf8)
        self.bytes(bytes)
    }

    package mutating func duration(_ duration: Duration) {
        // The reader takes at most 292 years.
        let (seconds, attoseconds) = min(max(duration, .zero), .nanoseconds(Int64.max)).components
        integer(UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000))
    }

    package mutating func remainder(_ bytes: some Collection<UInt8>) { payload += bytes }
}

extension ArraySlice<UInt8> {
    /// At most so many bytes of a text, which does not end inside a character's code.
    ///
    /// Counting its characters would be no bound: one may be megabytes long, and comparing it take minutes.
    fileprivate func cut(_ limit: Int) -> Self {
        guard count > limit else { return self }
        var end = startIndex + limit
        while end > startIndex, self[end] & 0xC0 == 0x80 { end -= 1 }
        return self[..<end]
    }
}
