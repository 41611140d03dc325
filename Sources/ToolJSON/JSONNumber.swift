/// A JSON number, kept as the digits that were written, so that nothing is rounded on the way through.
public struct JSONNumber: Sendable {
    /// The number as JSON writes it, `-12.50e+3` say.
    public let literal: String

    /// Takes the text of a number; `nil` unless RFC 8259 allows it.
    public init?(literal: String) {
        guard (try? JSON(parsing: literal))?.number != nil, literal.utf8.first.map(Self.begins) == true,
            literal.utf8.last.map({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) == true
        else { return nil }
        self.init(checked: literal)
    }

    /// Takes a text that the parser has found to be a number.
    init(checked literal: String) {
        self.literal = literal
    }

    /// An integer.
    public init(_ value: some BinaryInteger) {
        literal = String(value)
    }

    /// A floating-point number in its shortest exact form; `nil` where it is infinite or not a number.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let text = value.description
        literal = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func begins(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    /// The value, if it has no fraction and fits: `12`, `12.0` and `1.2e1` are all 12.
    public var int64: Int64? {
        if let value = Int64(literal) { return value }
        let parts = Decimal(literal)
        if parts.digits.isEmpty { return 0 }
        guard parts.exponent >= 0, parts.digits.count + parts.exponent <= 19 else { return nil }
        let digits = String(decoding: parts.digits, as: UTF8.self) + String(repeating: "0", count: parts.exponent)
        return Int64((parts.isNegative ? "-" : "") + digits)
    }

    /// The nearest floating-point number; infinite where the number is beyond its range.
    public var double: Double {
        Double(literal) ?? .nan
    }
}

// MARK: - Equality by value

extension JSONNumber: Hashable {
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        left.literal == right.literal || Decimal(left.literal) == Decimal(right.literal)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(Decimal(literal))
    }

    /// A number as its significant digits and a power of ten: `-12.50` is (negative, "125", -1).
    private struct Decimal: Hashable {
        var isNegative = false
        var digits: [UInt8] = []
        var exponent = 0

        init(_ literal: String) {
            var rest = Substring(literal).utf8
            if rest.first == UInt8(ascii: "-") {
                isNegative = true
                rest = rest.dropFirst()
            }
            var isFraction = false
            while let byte = rest.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
                rest = rest.dropFirst()
                if byte == UInt8(ascii: ".") {
                    isFraction = true
                } else {
                    if isFraction { exponent -= 1 }
                    if !digits.isEmpty || byte != UInt8(ascii: "0") { digits.append(byte) }
                }
            }
            if !rest.isEmpty {
                // An exponent beyond any number one can write is as good as the largest one; half the range leaves
                // room to add to it.
                let text = String(Substring(rest.dropFirst()))
                let written = Int(text) ?? (text.hasPrefix("-") ? Int.min : Int.max)
                exponent += min(max(written, Int.min / 2), Int.max / 2)
            }
            while digits.last == UInt8(ascii: "0") {
                digits.removeLast()
                exponent += 1
            }
            if digits.isEmpty {
                isNegative = false
                exponent = 0
            }
        }
    }
}

extension JSONNumber: CustomStringConvertible {
    public var description: String { literal }
}
