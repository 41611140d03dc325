/// A decoder of frames from a stream of bytes, which may arrive in pieces of any size.
///
/// The peer is not trusted: a length above the maximum and an unknown kind are errors, after which nothing more can be
/// decoded.
package struct FrameDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0

    package init() {}

    /// Appends received bytes.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            start = 0
        } else if start > Frame.maximumPayload {
            buffer.removeFirst(start)
            start = 0
        }
        buffer += bytes
    }

    /// Returns the next frame, or nil if it has not arrived completely.
    package mutating func next() throws(FrameError) -> Frame? {
        guard buffer.count - start >= Frame.headerBytes else { return nil }
        var header = PayloadReader(buffer[start..<start + Frame.headerBytes])
        let length = Int(try header.integer(UInt32.self))
        let kindNumber = try header.integer(UInt16.self)
        let flags = try header.integer(UInt16.self)
        let call = try header.integer(UInt64.self)
        guard length <= Frame.maximumPayload else {
            throw FrameError("a frame of \(length) bytes, where at most \(Frame.maximumPayload) are taken")
        }
        guard let kind = Frame.Kind(rawValue: kindNumber) else {
            throw FrameError("a frame of the unknown kind \(kindNumber)")
        }
        guard flags <= 1 else { throw FrameError("a frame with the unknown flags \(flags)") }
        let end = start + Frame.headerBytes + length
        guard buffer.count >= end else { return nil }
        let payload = Array(buffer[(start + Frame.headerBytes)..<end])
        start = end
        return Frame(kind, call: call, more: flags == 1, payload)
    }
}
