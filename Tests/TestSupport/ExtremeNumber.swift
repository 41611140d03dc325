public import ToolJSON

/// A JSON value in the position of a number: a number at which arithmetic overflows, or a value of another type.
public struct ExtremeNumber: Sendable, CustomStringConvertible {
    /// The JSON text.
    public let text: String
    /// The value, or nil if it is not an integer of 64 bits.
    public let integer: Int?

    private init(_ text: String, _ integer: Int? = nil) { (self.text, self.integer) = (text, integer) }

    public var description: String { text }

    /// The JSON value.
    public var json: JSON { get throws { try JSON(parsing: text) } }

    /// Returns the value, or nil if it is not an integer within a range.
    public func integer(in range: ClosedRange<Int>) -> Int? {
        integer.flatMap { range.contains($0) ? $0 : nil }
    }

    /// All values.
    public static let all =
        [-1, 0, 1 << 31, 1 << 53, 1 << 61, 1 << 62, .max, .min].map { ExtremeNumber(String($0), $0) }
        + [
            "9223372036854775808", "-9223372036854775809", "1e308", "1e400", "-1e308", "1e99999999999999999999", "0.5",
            "\"text\"", "null", "true", "[]", "{}",
        ].map { ExtremeNumber($0) }
}
