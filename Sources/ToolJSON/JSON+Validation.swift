extension JSON {
    /// Returns true if the bytes are one JSON text.
    ///
    /// The value is discarded while it is parsed, so memory use does not grow with the text.
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
