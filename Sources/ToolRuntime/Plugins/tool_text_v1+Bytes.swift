import CToolPlugin

extension tool_text_v1 {
    /// The bytes, or nil if the pointer is NULL and the length is not 0.
    var bufferIfValid: UnsafeRawBufferPointer? {
        guard length <= UInt64(Int.max), bytes != nil || length == 0 else { return nil }
        return UnsafeRawBufferPointer(start: bytes, count: Int(length))
    }
}
