// MARK: - Numbers

extension JSONParser {
    /// Parses a number.
    ///
    /// A number of up to 19 digits without an exponent is computed on the way, because its digits cannot overflow.
    mutating func number() throws(JSONError) -> JSONNumber {
        let start = position
        let isNegative = take("-")
        var digits = position
        var magnitude: UInt64 = 0
        if !take("0") { try self.digits(into: &magnitude) }
        digits = position - digits
        var fractionDigits = 0
        if take(".") {
            let first = position
            try self.digits(into: &magnitude)
            fractionDigits = position - first
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            try exponent()
        } else if digits + fractionDigits <= 19, let value = Self.signed(magnitude, isNegative) {
            return JSONNumber(significand: value, fractionDigits: fractionDigits)
        }
        let literal = UnsafeBufferPointer(rebasing: bytes[start..<position])
        return JSONNumber(checked: text(literal, isASCII: true))
    }

    /// Validates a number without storing it.
    mutating func skipNumber() throws(JSONError) {
        var magnitude: UInt64 = 0
        _ = take("-")
        if !take("0") { try digits(into: &magnitude) }
        if take(".") { try digits(into: &magnitude) }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") { try exponent() }
    }

    private mutating func exponent() throws(JSONError) {
        position += 1
        if !take("+") { _ = take("-") }
        var magnitude: UInt64 = 0
        try digits(into: &magnitude)
    }

    /// Parses at least one digit and appends the digits to a number, which is correct for at most 19 of them.
    @inline(__always)
    private mutating func digits(into value: inout UInt64) throws(JSONError) {
        let start = position
        while let byte = next, case let digit = byte &- UInt8(ascii: "0"), digit < 10 {
            value = value &* 10 &+ UInt64(digit)
            position += 1
        }
        if position == start { throw unexpected("a digit") }
    }

    /// Returns a signed integer, or nil if it exceeds the range or is a negative zero.
    private static func signed(_ magnitude: UInt64, _ isNegative: Bool) -> Int64? {
        guard isNegative else { return Int64(exactly: magnitude) }
        return 1...Int64.min.magnitude ~= magnitude ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }
}
