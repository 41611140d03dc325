import Testing
import ToolJSON
import ToolRuntime

/// Tests of functions with numbers and strings, each beside the same function with an output.
///
/// A function with an output is called on the general path.
@Suite("Plans of C calls", .timeLimit(.minutes(10)))
struct ForeignPlanTests {
    private static let parameters =
        #"{"name": "a", "type": "text"}, {"name": "n", "type": "i8"}, {"name": "b", "type": "text"}"#

    private static let library = Result {
        try ForeignFixture(
            """
            uint64_t sum(const char *a, int8_t n, const char *b) { return strlen(a) * 1000000 + strlen(b) * 3 + n; }
            void sum_out(const char *a, int8_t n, const char *b, uint64_t *out) { *out = sum(a, n, b); }
            """,
            [
                ("sum", parameters, #""u64""#),
                ("sum_out", parameters + #", {"name": "out", "type": "u64", "out": true}"#, #""void""#),
            ]
        )
    }

    /// The longest string on the fast path, without its terminating zero and that of an empty string.
    private static let longest = (64 << 10) - 2

    private static func text(_ count: Int) -> JSON { .string(String(repeating: "x", count: count)) }

    static let cases: [(arguments: JSON, result: UInt64?)] = [
        (["a": "", "n": 0, "b": ""], 0),
        (["a": "ab", "n": 7, "b": "å"], 2_000_013),
        (["b": "å", "n": 7, "a": "ab"], 2_000_013),
        (["a": "fifteen letters", "n": -128, "b": "sixteen letters!"], 14_999_920),
        (["extra": 1, "a": "ab", "n": 7, "b": "c"], 2_000_010),
        (["a": text(longest), "n": 1, "b": ""], UInt64(longest) * 1_000_000 + 1),
        (["a": text(longest + 1), "n": 1, "b": ""], UInt64(longest + 1) * 1_000_000 + 1),
        (["a": "", "n": 128, "b": ""], nil),
        (["a": "", "n": 0.5, "b": ""], nil),
        (["a": "", "n": 128, "b": 3], nil),
        (["a": "", "n": 1], nil),
        (["a": "x\0y", "n": 300, "b": ""], nil),
        (["a": "x", "n": 1, "b": "\0"], nil),
        (["a": nil, "n": 1, "b": ""], nil),
        ([:], nil),
    ]

    @Test("a planned call has the result and the errors of a general one", arguments: cases.indices)
    func call(index: Int) throws {
        let (arguments, result) = Self.cases[index]
        let library = try Self.library.get()
        let (planned, general) = (library.call("sum", arguments), library.call("sum_out", arguments))
        #expect(planned == general.map { $0["out"] ?? nil })
        #expect((try? planned.get()) == result.map { .int($0) })
    }
}
