import CToolPlugin

// The values of a description are allocated once and never freed: the host may read them until the process exits.

extension UnsafePointer {
    /// Allocates a value that is never freed.
    static func constant(_ value: Pointee) -> UnsafePointer {
        let pointer = UnsafeMutablePointer<Pointee>.allocate(capacity: 1)
        pointer.initialize(to: value)
        return UnsafePointer(pointer)
    }
}

extension tool_text_v1 {
    /// Allocates a text that is never freed.
    static func constant(_ bytes: [UInt8]) -> tool_text_v1 {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
        for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
        return tool_text_v1(bytes: copy, length: UInt64(bytes.count))
    }
}
