import CToolPlugin

// What a description is made of is built once and never freed: the host may read it for as long as the process lives.

extension UnsafePointer {
    /// A value at an address of its own, for ever.
    static func constant(_ value: Pointee) -> UnsafePointer {
        let pointer = UnsafeMutablePointer<Pointee>.allocate(capacity: 1)
        pointer.initialize(to: value)
        return UnsafePointer(pointer)
    }
}

extension tool_text_v1 {
    /// A text at an address of its own, for ever.
    static func constant(_ bytes: [UInt8]) -> tool_text_v1 {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
        for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
        return tool_text_v1(bytes: copy, length: UInt64(bytes.count))
    }
}
