/// A decimal number as its significant digits and a power of ten.
///
/// `-12.50` is (negative, 125, -1). Zeros at both ends are not significant, so equal numbers have equal parts.
struct JSONDecimal: Hashable {
    private(set) var isNegative = false

    /// The first 19 significant digits.
    private(set) var head: UInt64 = 0

    /// The significant digits after the first 19.
    ///
    /// Few numbers have any.
    private(set) var tail: [UInt8] = []

    private(set) var exponent = 0

    /// Creates a number from a valid JSON number.
    init(_ literal: String) {
        let bytes = literal.utf8Span.span
        var position = 0
        var count = 0
        var zeros = 0
        var isFraction = false
        while position < bytes.count, bytes[position] | 0x20 != UInt8(ascii: "e") {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): isFraction = true
            default:
                if isFraction { exponent -= 1 }
                if byte != UInt8(ascii: "0") {
                    // Zeros are significant only if another digit follows.
                    for _ in 0..<zeros { append(0, to: &count) }
                    zeros = 0
                    append(byte - UInt8(ascii: "0"), to: &count)
                } else if count > 0 {
                    zeros += 1
                }
            }
        }
        if count == 0 {
            isNegative = false
            exponent = 0
        } else {
            exponent += zeros
            if position < bytes.count { exponent += Self.writtenExponent(bytes.extracting((position + 1)...)) }
        }
    }

    /// Creates a number from one that is stored as integers.
    init(_ value: FixedDecimal) {
        guard value.significand != 0 else { return }
        isNegative = value.significand < 0
        head = value.significand.magnitude
        exponent = -Int(value.fractionDigits)
        while head % 10 == 0 {
            head /= 10
            exponent += 1
        }
    }

    private mutating func append(_ digit: UInt8, to count: inout Int) {
        if count < 19 { head = head * 10 + UInt64(digit) } else { tail.append(digit) }
        count += 1
    }

    /// Returns the exponent after the `e` of a literal.
    ///
    /// It is clamped to a quarter of the range, far beyond any number of digits, so that later sums and differences
    /// cannot overflow.
    private static func writtenExponent(_ bytes: Span<UInt8>) -> Int {
        var magnitude = 0
        var isNegative = false
        for position in bytes.indices {
            switch bytes[position] {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "+"): break
            case let digit: magnitude = min(magnitude, Int.max / 40) * 10 + Int(digit - UInt8(ascii: "0"))
            }
        }
        return isNegative ? -magnitude : magnitude
    }
}

extension JSONDecimal {
    /// The value as an integer, or nil if it has a fraction or exceeds the range.
    var int64: Int64? {
        guard tail.isEmpty, 0...18 ~= exponent else { return nil }
        var magnitude = head
        for _ in 0..<exponent {
            let (product, overflows) = magnitude.multipliedReportingOverflow(by: 10)
            if overflows { return nil }
            magnitude = product
        }
        if !isNegative { return Int64(exactly: magnitude) }
        return magnitude <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }

    /// The nearest floating-point number, or nil if more than one operation is needed to compute it.
    ///
    /// Both operands are exact (integers up to 2⁵³, powers of ten up to 10²²), so IEEE 754 rounds once. Zero is
    /// excluded because its sign is not stored.
    var quickDouble: Double? {
        guard tail.isEmpty, 1...(1 << 53) ~= head, -22...22 ~= exponent else { return nil }
        let power = Self.powersOfTen[abs(exponent)]
        let magnitude = exponent < 0 ? Double(head) / power : Double(head) * power
        return isNegative ? -magnitude : magnitude
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
