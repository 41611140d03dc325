extension ArraySlice<UInt8> {
    /// Returns at most the given number of bytes of UTF-8 text, without splitting a Unicode scalar.
    ///
    /// A maximum number of characters would be no bound: one character can be megabytes long and take minutes to
    /// compare.
    func cut(_ limit: Int) -> Self {
        guard count > limit else { return self }
        var end = startIndex + limit
        while end > startIndex, self[end] & 0xC0 == 0x80 { end -= 1 }
        return self[..<end]
    }
}
