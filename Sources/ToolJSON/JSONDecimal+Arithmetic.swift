// MARK: - Order and divisibility

extension JSONDecimal: Comparable {
    static func < (left: JSONDecimal, right: JSONDecimal) -> Bool {
        switch (left.isNegative, right.isNegative) {
        case (true, false): true
        case (false, true): false
        case (false, false): left.isCloserToZero(than: right)
        case (true, true): right.isCloserToZero(than: left)
        }
    }

    /// True if the number has no fraction.
    var isInteger: Bool { exponent >= 0 }

    private var isZero: Bool { head == 0 }

    /// The significant digits, most significant first.
    private var digits: [UInt8] {
        isZero ? [] : String(head).utf8.map { $0 - UInt8(ascii: "0") } + tail
    }

    private func isCloserToZero(than other: JSONDecimal) -> Bool {
        if isZero || other.isZero { return isZero && !other.isZero }
        let (own, others) = (digits, other.digits)
        // Digit counts and exponents are far from the limits of their range, so the sum cannot overflow.
        let (size, otherSize) = (own.count + exponent, others.count + other.exponent)
        return size == otherSize ? own.lexicographicallyPrecedes(others) : size < otherSize
    }

    /// Returns true if the number is a multiple of another, or nil if the divisor is zero or has more than 18 digits.
    func isMultiple(of divisor: JSONDecimal) -> Bool? {
        guard divisor.head > 0, divisor.head < 1_000_000_000_000_000_000, divisor.tail.isEmpty else {
            return nil
        }
        if isZero { return true }
        // The last significant digit is not 0, so no multiple of a higher power of ten divides the number.
        guard exponent >= divisor.exponent else { return false }
        func times(_ left: UInt64, _ right: UInt64) -> UInt64 {
            UInt64(UInt128(left) * UInt128(right) % UInt128(divisor.head))
        }
        var remainder: UInt64 = 0
        for digit in digits { remainder = (times(remainder, 10) + UInt64(digit)) % divisor.head }
        // Multiplies by the difference of the powers of ten, by repeated squaring.
        var power = 10 % divisor.head
        var count = exponent - divisor.exponent
        while count > 0 {
            if count & 1 == 1 { remainder = times(remainder, power) }
            power = times(power, power)
            count >>= 1
        }
        return remainder == 0
    }
}
