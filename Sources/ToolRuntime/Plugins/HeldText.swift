import CToolPlugin

/// Bytes at a fixed address, followed by a zero, for C code to read.
final class HeldText: Sendable {
    // Written only in the initialiser, before it is shared.
    private nonisolated(unsafe) let bytes: UnsafeMutablePointer<CChar>
    private let count: Int

    init(_ text: some Collection<UInt8>) {
        count = text.count
        bytes = .allocate(capacity: count + 1)
        UnsafeMutableRawBufferPointer(start: bytes, count: count).copyBytes(from: text)
        bytes[count] = 0
    }

    deinit { bytes.deallocate() }

    /// The text, which is valid as long as this object exists.
    var text: tool_text_v1 { tool_text_v1(bytes: bytes, length: UInt64(count)) }

    /// Returns the text after making it valid until the process exits.
    func leaked() -> tool_text_v1 {
        _ = Unmanaged.passRetained(self)
        return text
    }
}
