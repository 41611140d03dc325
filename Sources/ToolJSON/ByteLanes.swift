/// Operations on eight bytes at once.
enum ByteLanes {
    /// The highest bit of each byte, which only bytes outside ASCII set.
    static let highBits: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    static func all(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// Marks the first byte that is less than a bound of at most 128 by setting its highest bit.
    ///
    /// Subtracting the bound sets the highest bit of a smaller byte and borrows from the byte after it. Marks after the
    /// first one may therefore be wrong. A byte of 128 or more is never marked.
    @inline(__always)
    static func mark(_ word: UInt64, below bound: UInt8) -> UInt64 {
        (word &- all(bound)) & ~word & highBits
    }

    /// Marks the first byte that a JSON string escapes: a quote, a backslash or a control character below 0x20.
    @inline(__always)
    static func markEscapes(_ word: UInt64) -> UInt64 {
        mark(word, below: 0x20)
            | mark(word ^ all(UInt8(ascii: "\"")), below: 1)
            | mark(word ^ all(UInt8(ascii: "\\")), below: 1)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Loads eight bytes, the first of which becomes the lowest on every machine.
    ///
    /// The caller guarantees that they are inside the buffer.
    @inline(__always)
    func word(at position: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }
}
