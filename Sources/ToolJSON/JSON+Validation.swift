extension JSON {
    /// Returns true if the bytes are one JSON text.
    ///
    /// No value is stored, so memory use does not grow with the text. The maximum depth of ``JSONLimits`` applies; the
    /// length of the text and the number of values are not limited.
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
