import Testing
import ToolJSON

@Suite("A number within a range")
struct RangeTests {
    @Test(
        "is read as an integer, and as nothing outside of the range or with a fraction",
        arguments: [
            ("1", 1), ("10", 10), ("1e1", 10), ("5.0", 5), ("0", nil), ("11", nil), ("1.5", nil), ("-1", nil),
            ("9223372036854775807", nil), ("9223372036854775808", nil), ("-9223372036854775808", nil), ("1e400", nil),
            ("1e99999999999999999999", nil), ("\"5\"", nil), ("null", nil), ("true", nil), ("[5]", nil), ("{}", nil),
        ] as [(String, Int?)]
    )
    func integer(text: String, value: Int?) throws {
        #expect(try JSON(parsing: text).int(in: 1...10) == value)
    }

    @Test("is read at both ends of the integers")
    func ends() {
        #expect(JSON.int(Int.max).int(in: 0 ... .max) == .max)
        #expect(JSON.int(Int.min).int(in: .min...0) == .min)
    }

    @Test(
        "is read as a floating-point number, and as nothing outside of the range",
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
