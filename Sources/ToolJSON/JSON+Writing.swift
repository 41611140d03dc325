extension JSON {
    /// Returns the value as JSON text.
    ///
    /// The order of keys and the digits of numbers are preserved.
    public func text(_ style: JSONStyle = .compact) -> String {
        String(decoding: bytes(style), as: UTF8.self)
    }

    /// Returns the value as JSON text in UTF-8.
    ///
    /// The order of keys and the digits of numbers are preserved.
    public func bytes(_ style: JSONStyle = .compact) -> [UInt8] {
        var writer = JSONWriter(style)
        writer.write(self)
        return writer.finish()
    }

    /// Returns the value as compact JSON text in UTF-8, or nil if the text is longer than `limit` bytes.
    ///
    /// The value is measured while it is written. At most six times the limit is allocated.
    package func bytes(upTo limit: Int) -> [UInt8]? {
        var writer = JSONWriter(limit: limit)
        writer.write(self)
        return writer.buffer.count <= writer.limit ? writer.finish() : nil
    }
}

extension JSON: CustomStringConvertible {
    public var description: String { text() }
}
