import Testing
import ToolJSON

@Suite("JSONNumber")
struct NumberTests {
    @Test(
        "a number preserves every digit",
        arguments: [
            "9007199254740993", "-9007199254740993", "1e20", "-0", "0.10", "3.14159265358979323846264338327950288",
            "1E+2",
            "123456789012345678901234567890", "1e400", "1e-400", "0e0",
        ]
    )
    func exact(literal: String) throws {
        #expect(try JSON(parsing: literal).text() == literal)
        #expect(JSONNumber(literal: literal)?.literal == literal)
    }

    @Test(
        "a number without a fraction converts to a 64-bit integer if it is in range",
        arguments: [
            ("12", 12), ("12.0", 12), ("1.2e1", 12), ("1200e-2", 12), ("-0", 0), ("-0.0e5", 0), ("0e99", 0),
            ("9007199254740993", 9_007_199_254_740_993), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775807.0", .max), ("1e18", 1_000_000_000_000_000_000), ("9223372036854775808", nil),
            ("-9223372036854775809", nil), ("1e19", nil), ("1e20", nil), ("0.5", nil), ("1e-1", nil), ("1.25e1", nil),
            ("1e9223372036854775807", nil), ("1e-9223372036854775808", nil), ("10e9223372036854775807", nil),
            ("1e99999999999999999999", nil), ("0.1e-9223372036854775808", nil), ("0e99999999999999999999", 0),
        ] as [(String, Int64?)]
    )
    func integer(literal: String, value: Int64?) throws {
        #expect(try #require(JSONNumber(literal: literal)).int64 == value)
    }

    @Test(
        "numbers of the same value are equal",
        arguments: [
            ("1", "1.0", true), ("1", "1e0", true), ("100", "1e2", true), ("0.1", "1e-1", true), ("-0", "0", true),
            ("0.0", "0e7", true), ("12.50", "1.25E+1", true), ("1", "-1", false), ("1", "10", false),
            ("9007199254740993", "9007199254740992", false), ("0.1", "0.10000000000000001", false),
            ("1e400", "1e401", false), ("1e99999999999999999999", "-1e99999999999999999999", false),
            ("1000e9223372036854775807", "1", false), ("0.001e-9223372036854775808", "0", false),
        ]
    )
    func equality(left: String, right: String, isEqual: Bool) throws {
        let left = try #require(JSONNumber(literal: left))
        let right = try #require(JSONNumber(literal: right))
        #expect((left == right) == isEqual)
        if isEqual { #expect(left.hashValue == right.hashValue) }
    }

    @Test(
        "a text that is not a number is rejected",
        arguments: ["", " 1", "1 ", "01", "+1", "1.", "-", "[1]", "\"1\"", "1,2", "NaN"]
    )
    func notNumbers(literal: String) {
        #expect(JSONNumber(literal: literal) == nil)
    }

    @Test(
        "numbers of Swift convert to numbers of JSON",
        arguments: [
            (JSON.int(-7), "-7"), (.int(UInt64.max), "18446744073709551615"), (.double(1.5), "1.5"), (.double(2), "2"),
            (.double(1e21), "1e+21"), (.double(-0.0), "-0"), (.double(.infinity), "null"), (.double(.nan), "null"),
            (0.1, "0.1"), (5, "5"),
        ]
    )
    func made(value: JSON, text: String) throws {
        #expect(value.text() == text)
        #expect(try JSON(parsing: text) == value)
    }

    @Test(
        "a number converts to the nearest floating-point number",
        arguments: [
            ("0", 0), ("0.1", 0.1), ("-2.5", -2.5), ("1e22", 1e22), ("1e23", 1e23), ("123456789e-22", 1.23456789e-14),
            ("9007199254740993", 9_007_199_254_740_992), ("9007199254740993.0", 9_007_199_254_740_992),
            ("9007199254740992e22", 9.007199254740992e37), ("3.14159265358979323846264338327950288", .pi),
            ("1e400", .infinity), ("-1e400", -.infinity), ("1e-400", 0), ("1e999999999", .infinity),
            ("1e-999999999", 0), ("4.9e-324", .leastNonzeroMagnitude),
            ("1.7976931348623157e308", .greatestFiniteMagnitude),
        ] as [(String, Double)]
    )
    func double(literal: String, value: Double) throws {
        #expect(try #require(JSONNumber(literal: literal)).double == value)
    }

    @Test("conversion to a floating-point number preserves the sign of zero", arguments: ["-0", "-0.0", "-0e7"])
    func negativeZero(literal: String) throws {
        #expect(try #require(JSONNumber(literal: literal)).double.sign == .minus)
    }

    @Test("the fast path of the floating-point conversion agrees with Swift")
    func doublesAsSwiftReadsThem() throws {
        for digits in stride(from: 1, through: 99_999_999_999, by: 7_654_321_987) {
            for exponent in -25...25 {
                let literal = "\(digits)e\(exponent)"
                #expect(JSONNumber(literal: literal)?.double == Double(literal), "\(literal)")
            }
        }
    }

    @Test(
        "a number with an extreme exponent is processed without delay",
        arguments: [
            "1e999999999", "-1e-999999999", "1e99999999999999999999", "0e999999999",
            "1" + String(repeating: "0", count: 1_000_000),
            "0." + String(repeating: "0", count: 1_000_000) + "1",
            String(repeating: "9", count: 1_000_000), "1e" + String(repeating: "9", count: 1_000_000),
        ]
    )
    func hostile(literal: String) throws {
        let number = try #require(try JSON(parsing: literal).number)
        #expect(number == number)
        #expect(Set([number]).contains(try #require(JSONNumber(literal: literal))))
        #expect(number.int64 == (literal.hasPrefix("0e") ? 0 : nil))
        #expect(!number.double.isNaN)
        #expect(number != JSONNumber(1))
    }

    @Test(
        "numbers with extreme digits and exponents compare and divide exactly",
        arguments: ["1e", "-1e", "12.5e"],
        ["99999999999999999999", "409223372036854775807"]
    )
    func extremes(digits: String, exponent: String) throws {
        let large = try #require(JSONNumber(literal: digits + exponent))
        let small = try #require(JSONNumber(literal: "1e-" + exponent))
        #expect(large.isMultiple(of: small) == true)
        #expect(small.isMultiple(of: large) == false)
        #expect((large < small) == digits.hasPrefix("-"))
    }

    @Test(
        "an integer is equal and hashes equally for every way to create it",
        arguments: [0, 1, -1, 1_000_000, .max, .min, .max - 1] as [Int64]
    )
    func integerForms(value: Int64) throws {
        let forms =
            [JSONNumber(value)]
            + ["", ".0", ".000e0", "e0", "0e-1"].compactMap { JSONNumber(literal: "\(value)" + $0) }
        for form in forms {
            #expect(form == JSONNumber(value))
            #expect(form.hashValue == JSONNumber(value).hashValue)
            #expect(form.int64 == value)
        }
    }
}
