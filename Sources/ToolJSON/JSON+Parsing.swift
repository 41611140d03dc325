extension JSON {
    /// Parses one JSON text (RFC 8259).
    ///
    /// Only white space may surround the value.
    ///
    /// If an object repeats a name, the last value wins. That is not an error; ``JSONDocument`` reports repeated names.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8, without a byte order mark.
    ///   - limits: The maximum size of the text.
    /// - Throws: ``JSONError`` with the offset of the first invalid byte, or if the text exceeds a limit.
    @inlinable
    public init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let parsed =
            bytes.withContiguousStorageIfAvailable { JSON.parsed($0, limits) }
            ?? Array(bytes).withUnsafeBufferPointer { JSON.parsed($0, limits) }
        self = try parsed.get()
    }

    /// Parses one JSON text (RFC 8259).
    ///
    /// Only white space may surround the value.
    ///
    /// If an object repeats a name, the last value wins. That is not an error; ``JSONDocument`` reports repeated names.
    ///
    /// - Parameters:
    ///   - text: The text, without a byte order mark.
    ///   - limits: The maximum size of the text.
    /// - Throws: ``JSONError`` with the offset of the first invalid byte, or if the text exceeds a limit.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: text.utf8, limits: limits)
    }

    @usableFromInline
    static func parsed(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits) -> Result<JSON, JSONError> {
        Result { () throws(JSONError) in
            try withUnsafeTemporaryAllocation(of: JSONObject.Entry.self, capacity: 16) { scratch throws(JSONError) in
                var parser = try JSONParser(bytes: bytes, limits: limits)
                parser.members = MoveStack(scratch: scratch)
                return try parser.document()
            }
        }
    }
}
