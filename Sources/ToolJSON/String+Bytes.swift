extension String {
    /// Whether two texts are the same bytes.
    ///
    /// `==` would call "é" and "e\u{301}" equal, and JSON does not.
    package func hasSameBytes(as other: String) -> Bool {
        // Texts of the same bytes are equal, which is found out by comparing words; and equal ASCII has the same bytes.
        guard utf8.count == other.utf8.count, self == other else { return false }
        return utf8Span.isKnownASCII || utf8.elementsEqual(other.utf8)
    }

    package func hashBytes(into hasher: inout Hasher) {
        var copy = self
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // A byte of no text, so that ["ab", "c"] and ["a", "bc"] differ.
        hasher.combine(0xFF as UInt8)
    }
}
