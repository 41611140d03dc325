import Testing
import ToolJSON

@Suite("Stored forms of numbers")
struct NumberFormTests {
    /// Numbers at the edges between the forms in which numbers are stored.
    private static let edges = [
        "0", "-0", "0.0", "-0.0", "0e0", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "-9223372036854775809", "18446744073709551615", "18446744073709551616", "922337203685477580.7",
        "-922337203685477580.8", "922337203685477580.8", "9.223372036854775807", "-9.223372036854775808",
        "9.223372036854775808", "0.000000000000000001", "0.0000000000000000001", "1.000000000000000000",
        "0.30000000000000004", "9007199254740992.0", "9007199254740993.0", "90071992547409.93", "-9007199254740.993",
        "4503599627370497.5", "9007199254740991.49", "0.1e-400", "1e308", "1e309", "-1e309", "10.50", "12.00", "1.5E+2",
        String(repeating: "7", count: 400), "0." + String(repeating: "3", count: 400),
    ]

    @Test("a number has the same digits, double and integer as Swift computes from its text", arguments: edges)
    func values(literal: String) throws {
        let number = try #require(try JSON(parsing: literal).number)
        #expect(number.literal == literal)
        #expect(JSON.number(number).text() == literal)
        #expect(JSON.number(number).byteCount(upTo: .max) == literal.utf8.count)
        #expect(number.double.bitPattern == Double(literal)?.bitPattern)
        if let integer = Int64(literal) { #expect(number.int64 == integer) }
        #expect(number.isPlainInteger == literal.utf8.dropFirst().allSatisfy { UInt8(ascii: "0")...0x39 ~= $0 })
    }

    @Test("a fraction converts to the nearest double for every number of digits")
    func nearest() {
        var state: UInt64 = 1
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let digits = String(state >> (state & 63))
            let point = Int(state >> 58) % (digits.count + 1)
            let literal = (point == 0 ? "0" : "") + digits.prefix(point) + "." + digits.dropFirst(point) + "5"
            #expect(JSONNumber(literal: literal)?.double == Double(literal), "\(literal)")
        }
    }

    @Test("two numbers compare equally in every notation of theirs", arguments: edges)
    func notations(literal: String) throws {
        let number = try #require(JSONNumber(literal: literal))
        // With an exponent, a number is stored as its text.
        let written = literal.contains { "eE".contains($0) } ? literal : literal + "e0"
        let other = try #require(JSONNumber(literal: written))
        #expect(number == other && !(number < other) && !(other < number))
        #expect(number.hashValue == other.hashValue)
        #expect(number.int64 == other.int64 && number.double == other.double && number.isInteger == other.isInteger)
        for edge in Self.edges {
            let edge = try #require(JSONNumber(literal: edge))
            #expect((number == edge) == (other == edge))
            #expect((number < edge) == (other < edge) && (edge < number) == (edge < other))
            #expect(number.isMultiple(of: edge) == other.isMultiple(of: edge))
        }
    }
}
