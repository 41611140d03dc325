/// A JSON number that preserves the digits of its text, so that nothing is rounded.
///
/// Numbers compare by exact value: `1.0` equals `1`, and 2⁵³ is less than 2⁵³ + 1.
public struct JSONNumber: Sendable {
    /// The stored form: an integer only if its decimal digits are the original text.
    private enum Form {
        case integer(Int64)
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

    init(_ value: Int64) {
        form = .integer(value)
    }

    /// Creates a number from an integer.
    public init(_ value: some BinaryInteger) {
        form = Int64(exactly: value).map(Form.integer) ?? .literal(String(value))
    }

    /// Creates a number from the shortest exact text of a floating-point value, or returns nil for infinity and NaN.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let text = value.description
        form = .literal(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    /// The work of reading the number, in bytes: the length of its literal, or 1 for a number stored as an integer.
    package var weight: Int {
        switch form {
        case .integer: 1
        case .literal(let literal): literal.utf8.count
        }
    }

    /// The JSON text of the number, such as `-12.50e+3`.
    public var literal: String {
        switch form {
        case .integer(let value): String(value)
        case .literal(let literal): literal
        }
    }

    /// The value as an integer, or nil if it has a fraction or exceeds the range.
    ///
    /// `12`, `12.0` and `1.2e1` are all 12.
    public var int64: Int64? {
        switch form {
        case .integer(let value): value
        case .literal(let literal): JSONDecimal(literal).int64
        }
    }

    /// The nearest floating-point number, which is infinite if the number exceeds the range of `Double`.
    public var double: Double {
        switch form {
        case .integer(let value): Double(value)
        case .literal(let literal): JSONDecimal(literal).quickDouble ?? Double(literal) ?? .nan
        }
    }
}

// MARK: - Equality by value

extension JSONNumber: Hashable {
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        switch (left.form, right.form) {
        case (.integer(let left), .integer(let right)): left == right
        case (.integer(let integer), .literal(let literal)), (.literal(let literal), .integer(let integer)):
            JSONDecimal(literal).int64 == integer
        case (.literal(let left), .literal(let right)): left == right || JSONDecimal(left) == JSONDecimal(right)
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch form {
        case .integer(let value): hasher.combine(value)
        case .literal(let literal):
            let decimal = JSONDecimal(literal)
            if let value = decimal.int64 { hasher.combine(value) } else { hasher.combine(decimal) }
        }
    }
}

// MARK: - Order and divisibility

extension JSONNumber: Comparable {
    /// Compares two numbers by exact value: 2⁵³ is less than 2⁵³ + 1.
    public static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if let left = left.int64, let right = right.int64 { return left < right }
        return JSONDecimal(left.literal) < JSONDecimal(right.literal)
    }

    /// A Boolean value that indicates whether the number has no fraction, regardless of its notation and size.
    public var isInteger: Bool {
        switch form {
        case .integer: true
        case .literal(let literal): JSONDecimal(literal).isInteger
        }
    }

    /// A Boolean value that indicates whether the number is written as an integer: `12`, but not `12.0` or `1e1`.
    public var isPlainInteger: Bool {
        switch form {
        case .integer: true
        case .literal(let literal):
            !literal.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
        }
    }

    /// Returns true if the number is an exact multiple of another.
    ///
    /// - Returns: Nil if the divisor is zero or has more than 18 significant digits.
    public func isMultiple(of divisor: JSONNumber) -> Bool? {
        if let value = int64, let divisor = divisor.int64, divisor > 0 { return value % divisor == 0 }
        return JSONDecimal(literal).isMultiple(of: JSONDecimal(divisor.literal))
    }
}

extension JSONNumber: CustomStringConvertible {
    public var description: String { literal }
}
