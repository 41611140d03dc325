extension UnsafeBufferPointer<UInt8> {
    /// The longest piece, in bytes.
    private static var pieceBytes: Int { 16 << 10 }

    /// Calls a closure with the bytes in pieces of bounded size, none of which ends inside a character.
    ///
    /// Decoding the pieces one by one gives the same text as decoding the whole, also where the bytes are not valid UTF-8.
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
        // A character has at most three continuation bytes; where there are more in a row, each further one stands alone.
        for cut in stride(from: end, through: end - 3, by: -1) where self[cut] & 0xC0 != 0x80 { return cut }
        return end
    }
}

extension [UInt8] {
    /// Calls a closure with the text of these bytes in pieces of bounded size.
    ///
    /// Bytes that are not valid UTF-8 become U+FFFD, as `String(decoding:as:)` has it.
    package func forEachTextPiece(_ body: (String) throws -> Void) rethrows {
        try withUnsafeBufferPointer { bytes in
            try bytes.forEachTextPiece { try body(String(decoding: $0, as: UTF8.self)) }
        }
    }
}
