extension UnsafeBufferPointer<UInt8> {
    /// The maximum length of a piece, in bytes.
    private static var pieceBytes: Int { 16 << 10 }

    /// Calls a closure with pieces of bounded size, none of which ends inside a character.
    ///
    /// Decoding the pieces one by one gives the same string as decoding the whole, even for bytes that are not UTF-8.
    func forEachTextPiece(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) rethrows {
        var start = 0
        while start < count {
            let end = endOfPiece(from: start)
            try body(UnsafeBufferPointer(rebasing: self[start..<end]))
            start = end
        }
    }

    private func endOfPiece(from start: Int) -> Int {
        guard count - start > Self.pieceBytes else { return count }
        let end = start + Self.pieceBytes
        // A character has at most three continuation bytes. Each further one is decoded separately.
        for cut in stride(from: end, through: end - 3, by: -1) where self[cut] & 0xC0 != 0x80 { return cut }
        return end
    }
}

extension [UInt8] {
    /// Decodes the bytes and calls a closure with strings of bounded size.
    ///
    /// Invalid UTF-8 becomes U+FFFD, as in `String(decoding:as:)`.
    package func forEachTextPiece(_ body: (String) throws -> Void) rethrows {
        try withUnsafeBufferPointer { bytes in
            try bytes.forEachTextPiece { try body(String(decoding: $0, as: UTF8.self)) }
        }
    }
}
