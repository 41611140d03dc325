/// A decimal number of at most 19 digits, such as -12.50: the integer -1250 with two digits after the point.
///
/// Zeros at the end are part of the number, so its text can be restored.
struct FixedDecimal {
    /// The digits as an integer.
    let significand: Int64
    /// The number of digits after the point, at most 18.
    let fractionDigits: UInt8

    /// The largest power of ten that is needed, 10¹⁸, is less than 2⁶⁰.
    private static let powersOfTen: [18 of Int64] = .init { index in
        (0...index).reduce(1) { power, _ in power * 10 }
    }

    private var divisor: Int64 { fractionDigits == 0 ? 1 : Self.powersOfTen[Int(fractionDigits) - 1] }

    /// The value as an integer, or nil if it has a fraction.
    var int64: Int64? {
        if fractionDigits == 0 { return significand }
        let (quotient, remainder) = significand.quotientAndRemainder(dividingBy: divisor)
        return remainder == 0 ? quotient : nil
    }

    /// The nearest floating-point number.
    var double: Double {
        if fractionDigits == 0 { return Double(significand) }
        let magnitude = significand.magnitude
        // Both operands are exact, so IEEE 754 rounds once.
        if magnitude <= 1 << 53 { return Double(significand) / Double(divisor) }
        // The quotient has at least 57 bits, so the lowest one can represent all bits that are lost.
        let (quotient, remainder) = (UInt128(magnitude) << 64).quotientAndRemainder(dividingBy: UInt128(divisor))
        let lostBits = max(0, 64 - quotient.leadingZeroBitCount)
        let isExact = remainder == 0 && quotient.trailingZeroBitCount >= lostBits
        let head = UInt64(truncatingIfNeeded: quotient >> UInt128(lostBits)) | (isExact ? 0 : 1)
        let nearest = Double(sign: .plus, exponent: lostBits - 64, significand: Double(head))
        return significand < 0 ? -nearest : nearest
    }

    /// Calls a closure with the digits as they were written.
    func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        // 19 digits, a point and a sign.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { buffer in
            var start = buffer.count
            var rest = significand.magnitude
            var digits = 0
            repeat {
                if digits > 0, digits == fractionDigits { prepend(UInt8(ascii: ".")) }
                prepend(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
                rest /= 10
                digits += 1
            } while rest > 0 || digits <= fractionDigits
            if significand < 0 { prepend(UInt8(ascii: "-")) }
            return body(UnsafeBufferPointer(rebasing: buffer[start...]))

            func prepend(_ byte: UInt8) {
                start -= 1
                buffer[start] = byte
            }
        }
    }
}

// MARK: - Order

extension FixedDecimal: Comparable {
    static func == (left: FixedDecimal, right: FixedDecimal) -> Bool {
        left.scaled(as: right) == right.scaled(as: left)
    }

    static func < (left: FixedDecimal, right: FixedDecimal) -> Bool {
        left.scaled(as: right) < right.scaled(as: left)
    }

    /// Returns the significand for the denominator that both numbers have in common.
    ///
    /// 2⁶³ · 10¹⁸ is less than 2¹²³.
    private func scaled(as other: FixedDecimal) -> Int128 {
        fractionDigits == other.fractionDigits ? Int128(significand) : Int128(significand) * Int128(other.divisor)
    }
}
