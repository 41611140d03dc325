/// A JSON number, kept as the digits that were written, so that nothing is rounded on the way through.
public struct JSONNumber: Sendable {
    /// What is kept: an integer only where its decimal digits are what was written.
    private enum Form {
        case integer(Int64)
        case literal(String)
    }

    private let form: Form

    /// Takes the text of a number; `nil` unless RFC 8259 allows it.
    public init?(literal: String) {
        // JSON may stand between spaces; a number alone may not.
        guard let first = literal.utf8.first, let last = literal.utf8.last, first > 0x20, last > 0x20,
            let number = (try? JSON(parsing: literal, limits: JSONLimits(depth: 0)))?.number
        else { return nil }
        self = number
    }

    /// Takes a text that the parser has found to be a number.
    init(checked literal: String) {
        form = .literal(literal)
    }

    init(_ value: Int64) {
        form = .integer(value)
    }

    /// An integer.
    public init(_ value: some BinaryInteger) {
        form = Int64(exactly: value).map(Form.integer) ?? .literal(String(value))
    }

    /// A floating-point number in its shortest exact form; `nil` where it is infinite or not a number.
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

    /// The number as JSON writes it, `-12.50e+3` say.
    public var literal: String {
        switch form {
        case .integer(let value): String(value)
        case .literal(let literal): literal
        }
    }

    /// The value, if it has no fraction and fits: `12`, `12.0` and `1.2e1` are all 12.
    public var int64: Int64? {
        switch form {
        case .integer(let value): value
        case .literal(let literal): JSONDecimal(literal).int64
        }
    }

    /// The nearest floating-point number; infinite where the number is beyond its range.
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
    /// Compares by value, exactly: 2⁵³ is less than 2⁵³ + 1.
    public static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if let left = left.int64, let right = right.int64 { return left < right }
        return JSONDecimal(left.literal) < JSONDecimal(right.literal)
    }

    /// Whether the number has no fraction, however it is written and however large it is.
    public var isInteger: Bool {
        switch form {
        case .integer: true
        case .literal(let literal): JSONDecimal(literal).isInteger
        }
    }

    /// Whether the number is written as an integer: `12`, but not `12.0` or `1e1`.
    public var isPlainInteger: Bool {
        switch form {
        case .integer: true
        case .literal(let literal):
            !literal.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
        }
    }

    /// Whether dividing the number by another leaves nothing, exactly.
    ///
    /// - Returns: `nil` for a divisor of zero, or of more than 18 significant digits.
    public func isMultiple(of divisor: JSONNumber) -> Bool? {
        if let value = int64, let divisor = divisor.int64, divisor > 0 { return value % divisor == 0 }
        return JSONDecimal(literal).isMultiple(of: JSONDecimal(divisor.literal))
    }
}

extension JSONNumber: CustomStringConvertible {
    public var description: String { literal }
}
