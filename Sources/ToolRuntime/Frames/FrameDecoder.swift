/// A decoder of frames from a stream of bytes, which may arrive in pieces of any size.
///
/// The peer is not trusted: a length above the maximum and an unknown kind are errors, after which nothing more can be
/// decoded. The memory is in proportion to the bytes that have arrived and were not decoded.
package struct FrameDecoder: Sendable {
    /// The received bytes from `start` to `end`, with room around them.
    private var buffer: [UInt8] = []
    private var start = 0
    private var end = 0

    private static let smallestBuffer = 16 << 10
    /// The size above which a buffer is freed when it is empty.
    private static let largestIdleBuffer = 64 << 10

    package init() {}

    /// Appends received bytes.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = fill { room in
                let count = min(room.count, rest.count)
                UnsafeMutableRawBufferPointer(rebasing: room[..<count]).copyBytes(from: rest.prefix(count))
                return count
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Appends bytes that a closure writes, such as those of a socket.
    ///
    /// - Parameter read: Writes bytes to the start of the room, and returns their number. A number below 1 adds none.
    /// - Returns: The number that the closure returned.
    package mutating func fill(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows -> Int {
        makeRoom()
        let end = end
        let count = try buffer.withUnsafeMutableBytes { try read(UnsafeMutableRawBufferPointer(rebasing: $0[end...])) }
        self.end += max(0, min(count, buffer.count - end))
        return count
    }

    /// Makes sure that a quarter of the buffer is free.
    ///
    /// Bytes are moved only if at least half of the buffer becomes free, so each byte is moved a constant number of
    /// times on average.
    private mutating func makeRoom() {
        if start == end {
            (start, end) = (0, 0)
            if buffer.count > Self.largestIdleBuffer { buffer = [] }
        }
        guard buffer.count - end <= buffer.count / 4 else { return }
        let count = end - start
        if count > buffer.count / 2 || buffer.isEmpty {
            var larger = [UInt8](repeating: 0, count: max(Self.smallestBuffer, buffer.count * 2))
            larger.replaceSubrange(..<count, with: buffer[start..<end])
            buffer = larger
        } else {
            let unread = start..<end
            buffer.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[unread])) }
        }
        (start, end) = (0, count)
    }

    /// Returns the next frame, or nil if it has not arrived completely.
    ///
    /// Its payload shares the memory of this decoder, so a payload that is stored for longer should be copied.
    package mutating func next() throws(FrameError) -> Frame? {
        guard end - start >= Frame.headerBytes else { return nil }
        let (first, call) = buffer.withUnsafeBytes { bytes in
            let first = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            let call = bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
            return (UInt64(littleEndian: first), UInt64(littleEndian: call))
        }
        let length = Int(first & 0xFFFF_FFFF)
        let kindNumber = UInt16(truncatingIfNeeded: first >> 32)
        let flags = UInt16(truncatingIfNeeded: first >> 48)
        guard length <= Frame.maximumPayload else {
            throw FrameError("a frame of \(length) bytes, where at most \(Frame.maximumPayload) are taken")
        }
        guard let kind = Frame.Kind(rawValue: kindNumber) else {
            throw FrameError("a frame of the unknown kind \(kindNumber)")
        }
        guard flags <= 1 else { throw FrameError("a frame with the unknown flags \(flags)") }
        let next = start + Frame.headerBytes + length
        guard end >= next else { return nil }
        defer { start = next }
        return Frame(kind, call: call, more: flags == 1, buffer[(start + Frame.headerBytes)..<next])
    }
}
