/// The value of a number: its significant digits and a power of ten.
///
/// `-12.50` is (negative, 125, -1). Zeros at either end are not significant, so equal numbers have equal parts.
struct JSONDecimal: Hashable {
    private(set) var isNegative = false

    /// The first 19 significant digits.
    private(set) var head: UInt64 = 0

    /// The significant digits after those, which few numbers have.
    private(set) var tail: [UInt8] = []

    private(set) var exponent = 0

    /// Takes the text of a number that is known to be one.
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
                    // Zeros count once a digit follows them.
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

    private mutating func append(_ digit: UInt8, to count: inout Int) {
        if count < 19 { head = head * 10 + UInt64(digit) } else { tail.append(digit) }
        count += 1
    }

    /// The exponent that a literal writes behind its `e`.
    ///
    /// One beyond any number one can write is as good as the largest; a quarter of the range leaves room to add to it
    /// and to take another one away.
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
    /// The value, if it has no fraction and fits.
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

    /// The nearest floating-point number where one operation finds it; not for zero, whose sign is lost here.
    ///
    /// Both operands are exact (integers to 2⁵³ and powers of ten to 10²² are), and IEEE 754 rounds the result once.
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
