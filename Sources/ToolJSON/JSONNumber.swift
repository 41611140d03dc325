/// A JSON number that preserves the digits of its text, so that nothing is rounded.
///
/// Numbers compare by exact value: `1.0` equals `1`, and 2⁵³ is less than 2⁵³ + 1.
public struct JSONNumber: Sendable {
    /// The stored form.
    private enum Form {
        /// A number whose text is exactly that of this decimal.
        case fixed(FixedDecimal)
        /// The text of any other number: one with an exponent, with many digits, or a negative zero.
        case literal(String)
    }

    private let form: Form

    /// Creates a number from its text, or returns nil if the text is not a number of RFC 8259.
    public init?(literal: String) {
        // The parser accepts surrounding white space; a number has none.
        guard let first = literal.utf8.first, let last = literal.utf8.last, first > 0x20, last > 0x20,
            let number = (try? JSON(parsing: literal, limits: JSONLimits(depth: 0)))?.number
        else { return nil }
        self = number
    }

    /// Creates a number from a text that the parser has validated.
    init(checked literal: String) {
        form = .literal(literal)
    }

    /// Creates a number whose text has the digits of `significand`, the last `fractionDigits` after the point.
    ///
    /// - Parameter fractionDigits: At most 18.
    init(significand: Int64, fractionDigits: Int) {
        form = .fixed(FixedDecimal(significand: significand, fractionDigits: UInt8(truncatingIfNeeded: fractionDigits)))
    }

    package init(_ value: Int64) {
        self.init(significand: value, fractionDigits: 0)
    }

    /// Creates a number from an integer.
    public init(_ value: some BinaryInteger) {
        if let value = Int64(exactly: value) { self.init(value) } else { self.init(checked: String(value)) }
    }

    /// Creates a number from the shortest exact text of a floating-point value, or returns nil for infinity and NaN.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let text = value.description
        form = .literal(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    /// The work of reading the number, in bytes: the length of its literal, or 1 for a number stored as integers.
    package var weight: Int {
        switch form {
        case .fixed: 1
        case .literal(let literal): literal.utf8.count
        }
    }

    /// The text of the number if it is stored as a string.
    var storedLiteral: String? {
        if case .literal(let literal) = form { literal } else { nil }
    }

    /// The JSON text of the number, such as `-12.50e+3`.
    public var literal: String {
        if case .literal(let literal) = form { return literal }
        return withUTF8 { String(decoding: $0, as: UTF8.self) }
    }

    /// Calls a closure with the JSON text of the number.
    func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        switch form {
        case .fixed(let value): return value.withUTF8(body)
        case .literal(var literal): return literal.withUTF8(body)
        }
    }

    /// The value as an integer, or nil if it has a fraction or exceeds the range.
    ///
    /// `12`, `12.0` and `1.2e1` are all 12.
    public var int64: Int64? {
        switch form {
        case .fixed(let value): value.int64
        case .literal(let literal): JSONDecimal(literal).int64
        }
    }

    /// The nearest floating-point number, which is infinite if the number exceeds the range of `Double`.
    public var double: Double {
        switch form {
        case .fixed(let value): value.double
        case .literal(let literal): JSONDecimal(literal).quickDouble ?? Double(literal) ?? .nan
        }
    }

    private var decimal: JSONDecimal {
        switch form {
        case .fixed(let value): JSONDecimal(value)
        case .literal(let literal): JSONDecimal(literal)
        }
    }
}

// MARK: - Equality by value

extension JSONNumber: Hashable {
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        switch (left.form, right.form) {
        case (.fixed(let left), .fixed(let right)): left == right
        case (.literal(let left), .literal(let right)) where left == right: true
        default: left.decimal == right.decimal
        }
    }

    public func hash(into hasher: inout Hasher) {
        if let value = int64 { hasher.combine(value) } else { hasher.combine(decimal) }
    }
}

// MARK: - Order and divisibility

extension JSONNumber: Comparable {
    /// Compares two numbers by exact value: 2⁵³ is less than 2⁵³ + 1.
    public static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if case (.fixed(let left), .fixed(let right)) = (left.form, right.form) { return left < right }
        return left.decimal < right.decimal
    }

    /// A Boolean value that indicates whether the number has no fraction, regardless of its notation and size.
    public var isInteger: Bool {
        switch form {
        case .fixed(let value): value.int64 != nil
        case .literal(let literal): JSONDecimal(literal).isInteger
        }
    }

    /// A Boolean value that indicates whether the number is written as an integer: `12`, but not `12.0` or `1e1`.
    public var isPlainInteger: Bool {
        switch form {
        case .fixed(let value): value.fractionDigits == 0
        case .literal(let literal):
            !literal.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
        }
    }

    /// Returns true if the number is an exact multiple of another.
    ///
    /// - Returns: Nil if the divisor is zero or has more than 18 significant digits.
    public func isMultiple(of divisor: JSONNumber) -> Bool? {
        if let value = int64, let divisor = divisor.int64, divisor > 0 { return value % divisor == 0 }
        return decimal.isMultiple(of: divisor.decimal)
    }
}

extension JSONNumber: CustomStringConvertible {
    public var description: String { literal }
}
