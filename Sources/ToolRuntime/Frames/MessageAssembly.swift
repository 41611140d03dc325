/// The assembly of payloads that arrive in several frames.
///
/// The frames of different calls may alternate, so each call has its own buffer.
package struct MessageAssembly: Sendable {
    private struct Key: Hashable {
        let kind: Frame.Kind
        let call: UInt64
    }

    private var buffers: [Key: [UInt8]] = [:]
    private var count = 0
    private let limit: Int

    private static let maximumBuffers = 4096

    /// Creates an assembly.
    ///
    /// - Parameter limit: The maximum number of bytes of all incomplete payloads together.
    package init(limit: Int) { self.limit = limit }

    /// Adds a frame.
    ///
    /// - Returns: The frame with its complete payload, or nil if more frames must follow.
    package mutating func take(_ frame: Frame) throws(FrameError) -> Frame? {
        let key = Key(kind: frame.kind, call: frame.call)
        if !frame.more, buffers.isEmpty { return frame }
        guard frame.more else {
            guard var whole = buffers.removeValue(forKey: key) else { return frame }
            count -= whole.count
            whole += frame.payload
            return Frame(frame.kind, call: frame.call, whole)
        }
        guard frame.kind.isDivisible else { throw FrameError("a message of the kind \(frame.kind) in pieces") }
        count += frame.payload.count
        guard count <= limit, !frame.payload.isEmpty else { throw FrameError("messages of more than \(limit) bytes") }
        buffers[key, default: []] += frame.payload
        guard buffers.count <= Self.maximumBuffers else { throw FrameError("too many messages at once") }
        return nil
    }
}
