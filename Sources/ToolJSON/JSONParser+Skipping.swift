extension JSONParser {
    /// Skips the remaining elements of an array.
    ///
    /// - Returns: The number of skipped elements.
    mutating func skipElements() throws(JSONError) -> Int {
        var count = 0
        repeat {
            try skipValue()
            count += 1
        } while try !endsContainer("]")
        return count
    }

    /// Validates a value without storing it.
    mutating func skipValue() throws(JSONError) {
        switch next ?? 0 {
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "{"): try skipObject()
        case UInt8(ascii: "["): try skipArray()
        default: _ = try scalar()
        }
    }

    private mutating func skipArray() throws(JSONError) {
        try open()
        defer { close() }
        if !take("]") { _ = try skipElements() }
    }

    private mutating func skipObject() throws(JSONError) {
        try open()
        defer { close() }
        if take("}") { return }
        while true {
            guard next == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
            try skipString()
            try takeColon()
            try skipValue()
            if try endsContainer("}") { return }
        }
    }

    /// Consumes the closing bracket, or the comma before the next value.
    ///
    /// - Returns: True if the container has ended.
    private mutating func endsContainer(_ bracket: Unicode.Scalar) throws(JSONError) -> Bool {
        skipSpace()
        if take(bracket) { return true }
        guard take(",") else { throw unexpected(bracket == "]" ? "a comma or ]" : "a comma or }") }
        skipSpace()
        return false
    }
}
