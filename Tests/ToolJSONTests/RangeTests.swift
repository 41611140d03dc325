import Testing
import ToolJSON

@Suite("Numbers within a range")
struct RangeTests {
    @Test(
        "an integer outside the range or with a fraction returns nil",
        arguments: [
            ("1", 1), ("10", 10), ("1e1", 10), ("5.0", 5), ("0", nil), ("11", nil), ("1.5", nil), ("-1", nil),
            ("9223372036854775807", nil), ("9223372036854775808", nil), ("-9223372036854775808", nil), ("1e400", nil),
            ("1e99999999999999999999", nil), ("\"5\"", nil), ("null", nil), ("true", nil), ("[5]", nil), ("{}", nil),
        ] as [(String, Int?)]
    )
    func integer(text: String, value: Int?) throws {
        #expect(try JSON(parsing: text).int(in: 1...10) == value)
    }

    @Test("both ends of the range of integers are accepted")
    func ends() {
        #expect(JSON.int(Int.max).int(in: 0 ... .max) == .max)
        #expect(JSON.int(Int.min).int(in: .min...0) == .min)
    }

    @Test(
        "a floating-point number outside the range returns nil",
        arguments: [
            ("0.001", 0.001), ("2", 2), ("1e6", 1e6), ("0", nil), ("1e-4", nil), ("1000000.5", nil), ("-1", nil),
            ("1e400", nil), ("-1e400", nil), ("1e99999999999999999999", nil), ("\"2\"", nil), ("null", nil),
            ("true", nil),
        ] as [(String, Double?)]
    )
    func floatingPoint(text: String, value: Double?) throws {
        #expect(try JSON(parsing: text).double(in: 0.001...1e6) == value)
    }
}
