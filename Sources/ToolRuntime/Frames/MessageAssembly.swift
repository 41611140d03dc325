/// Puts payloads together that came in several frames.
///
/// Calls may take turns, so each has a heap of its own.
package struct MessageAssembly: Sendable {
    private struct Key: Hashable {
        let kind: Frame.Kind
        let call: UInt64
    }

    private var heaps: [Key: [UInt8]] = [:]
    private var count = 0
    private let limit: Int

    private static let maximumHeaps = 4096

    /// - Parameter limit: Bytes of all payloads that wait for their end.
    package init(limit: Int) { self.limit = limit }

    /// Takes one frame.
    ///
    /// - Returns: The frame with its whole payload, or `nil` where more of it must follow.
    package mutating func take(_ frame: Frame) throws(FrameError) -> Frame? {
        let key = Key(kind: frame.kind, call: frame.call)
        if !frame.more, heaps.isEmpty { return frame }
        guard frame.more else {
            guard var whole = heaps.removeValue(forKey: key) else { return frame }
            count -= whole.count
            whole += frame.payload
            return Frame(frame.kind, call: frame.call, whole)
        }
        guard frame.kind.isDivisible else { throw FrameError("a message of the kind \(frame.kind) in pieces") }
        count += frame.payload.count
        guard count <= limit, !frame.payload.isEmpty else { throw FrameError("messages of more than \(limit) bytes") }
        heaps[key, default: []] += frame.payload
        guard heaps.count <= Self.maximumHeaps else { throw FrameError("too many messages at once") }
        return nil
    }
}
