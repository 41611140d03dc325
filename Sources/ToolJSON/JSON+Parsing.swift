extension JSON {
    /// Parses one JSON text (RFC 8259), with nothing but white space around it.
    ///
    /// Where an object repeats a name, the last value wins; ``JSONDocument`` tells which names were repeated.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, without a byte order mark.
    ///   - limits: What is refused for its size.
    /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
    @inlinable
    public init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let parsed =
            bytes.withContiguousStorageIfAvailable { JSON.parsed($0, limits) }
            ?? Array(bytes).withUnsafeBufferPointer { JSON.parsed($0, limits) }
        self = try parsed.get()
    }

    /// Parses one JSON text (RFC 8259), with nothing but white space around it.
    ///
    /// - Parameters:
    ///   - text: The text, without a byte order mark.
    ///   - limits: What is refused for its size.
    /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: text.utf8, limits: limits)
    }

    @usableFromInline
    static func parsed(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits) -> Result<JSON, JSONError> {
        Result { () throws(JSONError) in
            var parser = try JSONParser(bytes: bytes, limits: limits)
            return try parser.document()
        }
    }
}
