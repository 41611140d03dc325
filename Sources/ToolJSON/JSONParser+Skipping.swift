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
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
        case UInt8(ascii: "{"): try skipObject()
        case UInt8(ascii: "["): try skipArray()
        default: _ = try word()
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
        repeat {
            guard next == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
            try skipString()
            try takeColon()
            try skipValue()
        } while try !endsContainer("}")
    }
}
