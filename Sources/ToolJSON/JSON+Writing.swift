extension JSON {
    /// The value as JSON text, keys in their order and numbers as they were.
    public func text(_ style: JSONStyle = .compact) -> String {
        String(decoding: bytes(style), as: UTF8.self)
    }

    /// The value as JSON text in UTF-8, keys in their order and numbers as they were.
    public func bytes(_ style: JSONStyle = .compact) -> [UInt8] {
        var writer = JSONWriter(style)
        writer.write(self)
        return writer.finish()
    }
}

extension JSON: CustomStringConvertible {
    public var description: String { text() }
}
