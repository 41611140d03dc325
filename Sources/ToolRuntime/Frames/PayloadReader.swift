/// A reader of the fields of a payload, in their order.
///
/// Every length is checked against the bytes that are left.
package struct PayloadReader: Sendable {
    @usableFromInline
    var remaining: ArraySlice<UInt8>

    /// Creates a reader of a copy of the bytes.
    package init(_ bytes: some Collection<UInt8>) { remaining = ArraySlice(bytes) }

    /// Creates a reader of bytes, without copying them.
    package init(_ bytes: ArraySlice<UInt8>) { remaining = bytes }

    // Inlinable for other modules: the unspecialised function is a hundred times slower.
    @inlinable
    package mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self
    ) throws(FrameError) -> Value {
        let size = MemoryLayout<Value>.size
        guard remaining.count >= size else { throw Self.short }
        let value = remaining.withUnsafeBytes { $0.loadUnaligned(as: Value.self) }
        remaining = remaining.dropFirst(size)
        return Value(littleEndian: value)
    }

    package mutating func flag() throws(FrameError) -> Bool { try integer(UInt8.self) != 0 }

    package mutating func bytes() throws(FrameError) -> [UInt8] { Array(try block()) }

    /// Returns a block of bytes without copying it.
    ///
    /// It keeps the whole payload in memory.
    package mutating func block() throws(FrameError) -> ArraySlice<UInt8> {
        let count = Int(try integer(UInt32.self))
        guard remaining.count >= count else { throw Self.short }
        defer { remaining = remaining.dropFirst(count) }
        return remaining.prefix(count)
    }

    /// Returns a string.
    ///
    /// - Parameter limit: The maximum number of bytes; the others are dropped.
    package mutating func text(limit: Int = .max) throws(FrameError) -> String {
        String(decoding: try block().cut(limit), as: UTF8.self)
    }

    package mutating func duration() throws(FrameError) -> Duration {
        .nanoseconds(Int64(clamping: try integer(UInt64.self)))
    }

    /// Returns a copy of all bytes that have not been read.
    package mutating func remainder() -> [UInt8] { Array(rest()) }

    /// Returns all bytes that have not been read, without copying them.
    ///
    /// They keep the whole payload in memory.
    package mutating func rest() -> ArraySlice<UInt8> {
        defer { remaining = [] }
        return remaining
    }

    /// The bytes that have not been read.
    package var unread: ArraySlice<UInt8> { remaining }

    /// Checks that no bytes are left.
    package func end() throws(FrameError) {
        guard remaining.isEmpty else { throw FrameError("a payload with \(remaining.count) bytes too many") }
    }

    @usableFromInline
    static let short = FrameError("a payload that ends too early")
}
