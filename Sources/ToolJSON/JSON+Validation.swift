extension JSON {
    /// A Boolean value that indicates whether bytes are one JSON text.
    ///
    /// Nothing of it is kept: the memory that this takes does not grow with the text.
    package static func isValid(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            do throws(JSONError) {
                var parser = try JSONParser(bytes: bytes, limits: JSONLimits(bytes: bytes.count))
                try parser.validate()
                return true
            } catch {
                return false
            }
        }
    }
}
