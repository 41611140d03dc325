extension String {
    /// True if two strings have the same UTF-8 bytes.
    ///
    /// `==` is not used because it compares by canonical equivalence: "é" equals "e\u{301}" in Swift, but not in JSON.
    @inlinable
    package func hasSameBytes(as other: String) -> Bool {
        // Short strings are stored inline, so equal ones are the same bits.
        typealias Bits = (UInt64, UInt64)
        let (own, others) = (unsafeBitCast(self, to: Bits.self), unsafeBitCast(other, to: Bits.self))
        return own == others || hasSameBytes(comparing: other)
    }

    @usableFromInline
    package func hasSameBytes(comparing other: String) -> Bool {
        // `==` compares whole words first, so it rejects most strings quickly. For ASCII, it is exact.
        guard utf8.count == other.utf8.count, self == other else { return false }
        return utf8Span.isKnownASCII || utf8.elementsEqual(other.utf8)
    }

    /// Hashes the UTF-8 bytes of the string, consistently with ``hasSameBytes(as:)``.
    package func hashBytes(into hasher: inout Hasher) {
        var copy = self
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // 0xFF never occurs in UTF-8. It separates strings, so that ["ab", "c"] and ["a", "bc"] hash differently.
        hasher.combine(0xFF as UInt8)
    }
}
