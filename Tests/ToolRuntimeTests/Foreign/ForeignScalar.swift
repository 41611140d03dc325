import Testing
import ToolJSON

/// A scalar type of C, with values that fit and values that do not.
struct ForeignScalar: Sendable, CustomTestStringConvertible {
    let name: String
    /// The type in C.
    let type: String
    /// The noun phrase for a valid argument.
    let expectation: String
    /// The arguments that fit, each with the result.
    let good: [(JSON, JSON)]
    let bad: [JSON]
    /// True if there are arrays of the type.
    var hasArrays = true

    var testDescription: String { name }

    private init(_ name: String, _ type: String, _ expectation: String, good: [(JSON, JSON)], bad: [JSON]) {
        (self.name, self.type, self.expectation, self.good, self.bad) = (name, type, expectation, good, bad)
    }

    /// An integer type, with its limits, the values beyond them, and values that are not integers.
    private init(_ name: String, _ type: String, _ lowest: String, _ highest: String, beyond: [String]) {
        let good = [lowest, highest, "0", "1", "10.0", "1e2"].map { (number($0), number($0)) }
        let bad = (beyond + ["0.5", "1e-1", "1e30", "-1e30"]).map(number) + ["1", true, nil, [1], ["v": 1]]
        self.init(name, type, "an integer from \(lowest) to \(highest)", good: good, bad: bad)
    }

    static let all: [ForeignScalar] = [
        ForeignScalar("i8", "int8_t", "-128", "127", beyond: ["-129", "128"]),
        ForeignScalar("u8", "uint8_t", "0", "255", beyond: ["-1", "256"]),
        ForeignScalar("i16", "int16_t", "-32768", "32767", beyond: ["-32769", "32768"]),
        ForeignScalar("u16", "uint16_t", "0", "65535", beyond: ["-1", "65536"]),
        ForeignScalar("i32", "int32_t", "-2147483648", "2147483647", beyond: ["-2147483649", "2147483648"]),
        ForeignScalar("u32", "uint32_t", "0", "4294967295", beyond: ["-1", "4294967296"]),
        ForeignScalar(
            "i64",
            "int64_t",
            "-9223372036854775808",
            "9223372036854775807",
            beyond: ["-9223372036854775809", "9223372036854775808", "18446744073709551615"]
        ),
        ForeignScalar(
            "u64",
            "uint64_t",
            "0",
            "18446744073709551615",
            beyond: ["-1", "18446744073709551616", "-9223372036854775808"]
        ),
        ForeignScalar(
            "f32",
            "float",
            "a number that single precision can hold",
            good: ["0", "-0.5", "0.1", "3.4028235e38", "-3.4028235e38", "1e-45", "16777216"].map {
                (number($0), number($0))
            } + [(number("16777217"), number("16777216")), (number("0.30000000000000004"), number("0.3"))],
            bad: [number("1e39"), number("-3.5e38"), "1", true, nil, [1]]
        ),
        ForeignScalar(
            "f64",
            "double",
            "a number",
            good: ["0", "-0.5", "0.1", "1.7976931348623157e308", "5e-324", "9007199254740993"].map {
                (number($0), number($0 == "9007199254740993" ? "9007199254740992" : $0))
            },
            bad: [number("1e309"), number("-1e400"), "1", true, nil, [1]]
        ),
        ForeignScalar(
            "bool",
            "_Bool",
            "true or false",
            good: [(true, true), (false, false)],
            bad: [0, 1, "true", nil, [true]]
        ),
        enumeration("color", "int32_t"), enumeration("small", "int8_t"), enumeration("huge", "uint64_t"),
    ]

    /// An enumeration whose values include the limits of its integer type.
    private static func enumeration(_ name: String, _ type: String) -> ForeignScalar {
        var scalar = ForeignScalar(
            name,
            type,
            "one of \"first\", \"second\", \"last\"",
            good: ["first", "second", "last"].map { ($0, $0) },
            bad: ["third", "First", "", 0, nil, true]
        )
        scalar.hasArrays = false
        return scalar
    }

    /// The definitions of the types in the binding.
    static let types = #"""
        "color": {"enum": "i32", "values": {"first": -2147483648, "second": 0, "last": 2147483647}},
        "small": {"enum": "i8", "values": {"first": -128, "second": 1, "last": 127}},
        "huge": {"enum": "u64", "values": {"first": 0, "second": 7, "last": 18446744073709551615}}
        """#
}

/// A number with all of its digits.
private func number(_ text: String) -> JSON { (try? JSON(parsing: text)) ?? .null }
