import Testing
import ToolJSON

@Suite("JSON parser")
struct ParserTests {
    @Test(
        "the parser accepts the texts that RFC 8259 allows",
        arguments: [
            ("null", .null), (" true\t", .bool(true)), ("false\r\n", .bool(false)), ("0", 0), ("-1.5e+3", -1500),
            ("\"\"", ""), ("\"a\"", "a"), ("[]", []), ("[ ]", []), ("{}", [:]), ("{ }", [:]),
            ("[1,[2,{}],null]", [1, [2, [:]], nil]), ("{\"a\":{\"b\":[true]}}", ["a": ["b": [true]]]),
            ("{\"\":0}", ["": 0]), ("\u{7F}".quoted, "\u{7F}"), ("\u{2028}".quoted, "\u{2028}"),
        ] as [(String, JSON)]
    )
    func accepts(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test(
        "the parser decodes escape sequences",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u00E9""#, "Aéé"), (#""\u0000""#, "\0"),
            (#""\ud83d\ude00""#, "😀"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""\ufffe""#, "\u{FFFE}"),
            (#""é\n€\t😀""#, "é\n€\t😀"),
        ]
    )
    func unescapes(text: String, value: String) throws {
        let parsed = try #require(try JSON(parsing: text).string)
        #expect(Array(parsed.unicodeScalars) == Array(value.unicodeScalars))
    }

    @Test(
        "an error contains the offset of the first invalid byte",
        arguments: [
            ("", 0), ("  ", 2), ("nul", 0), ("True", 0), ("NaN", 0), ("-Infinity", 1), ("'a'", 0), ("1 2", 2),
            ("01", 1), ("-", 1), ("+1", 0), (".5", 0), ("1.", 2), ("1.e3", 2), ("1e", 2), ("1e+", 3), ("0x1", 1),
            ("-01", 2), ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("]", 0), ("[1}", 2),
            ("{", 1), ("{a:1}", 1), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\":1,}", 7), ("{\"a\" 1}", 5),
            ("{1:2}", 1), ("{\"a\":1 \"b\":2}", 7), ("\"abc", 4), ("\"\\", 2), ("\"\\x\"", 2), ("\"\\u12", 5),
            ("\"\\u12G4\"", 5), ("\"a\nb\"", 2), ("\"\t\"", 1), ("\"\\t\u{1}\"", 3), ("// no\n1", 0), ("\u{FEFF}1", 0),
            ("\u{A0}1", 0),
        ]
    )
    func refuses(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error?.offset == offset, "\(text) — \(String(describing: error))")
    }

    @Test(
        "the parser rejects lone surrogates",
        arguments: [#""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\u0041""#, #""\ud800\ud800""#, #""\ud800\n""#]
    )
    func refusesSurrogates(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test(
        "the parser rejects invalid UTF-8 with the offset of the first invalid byte",
        arguments: [
            ([0xFF], 0), ([0x61, 0x80], 1), ([0xC0, 0xAF], 0), ([0xC3], 0), ([0xE2, 0x82], 0), ([0xED, 0xA0, 0x80], 0),
            ([0xF4, 0x90, 0x80, 0x80], 0), ([0xC3, 0xA9, 0xC3, 0x28], 2), (Array("\\né".utf8) + [0xFE], 4),
            ([0xE0, 0x80, 0xAF], 0), ([0xF0, 0x80, 0x80, 0xAF], 0), ([0xFE], 0), ([0xC3, 0x5C, 0x6E, 0xA9], 0),
            (Array("12345678é".utf8) + [0xED, 0xBF, 0xBF], 10),
        ] as [([UInt8], Int)]
    )
    func refusesInvalidUTF8(bytes: [UInt8], offset: Int) {
        let quote = UInt8(ascii: "\"")
        let error = #expect(throws: JSONError.self) { try JSON(parsing: [quote] + bytes + [quote]) }
        #expect(error?.offset == offset + 1)
    }

    @Test("the parser accepts collections without contiguous storage")
    func scatteredBytes() throws {
        #expect(try JSON(parsing: "[1,\"é\"]".utf8.lazy.map { $0 }) == [1, "é"])
    }

    @Test("the last value of a repeated name wins and takes the first position")
    func duplicates() throws {
        let value = try JSON(parsing: #"{"a":1,"b":2,"a":{"c":3}}"#)
        #expect(value.text() == #"{"a":{"c":3},"b":2}"#)
        #expect(try JSON(parsing: #"{"a":1,"\u0061":2}"#).text() == #"{"a":2}"#)
    }

    @Test("names that are canonically equivalent but have different code points are distinct")
    func canonicalEquivalence() throws {
        let value = try JSON(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value.object?.count == 2)
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test("nesting is accepted up to the depth limit", arguments: [1, 5, 128])
    func depth(limit: Int) throws {
        let limits = JSONLimits(depth: limit)
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ count: Int) -> String {
                String(repeating: open, count: count) + (open == "[" ? "" : "0")
                    + String(repeating: close, count: count)
            }
            #expect(throws: Never.self) { try JSON(parsing: nested(limit), limits: limits) }
            let error = #expect(throws: JSONError.self) { try JSON(parsing: nested(limit + 1), limits: limits) }
            #expect(error?.offset == limit * open.utf8.count)
        }
        // The limit counts nesting, not the number of arrays.
        #expect(throws: Never.self) { try JSON(parsing: "[[],[],[],[]]", limits: JSONLimits(depth: 2)) }
    }

    @Test("a million brackets are rejected without a crash")
    func hostileDepth() {
        #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "{\"a\":", count: 200_000)) }
    }

    @Test("a text beyond the size limit is rejected")
    func size() throws {
        #expect(try JSON(parsing: "1234", limits: JSONLimits(bytes: 4)) == 1234)
        let error = #expect(throws: JSONError.self) { try JSON(parsing: "12345", limits: JSONLimits(bytes: 4)) }
        #expect(error?.offset == 4)
    }

    @Test(
        "the code of an error names its kind",
        arguments: [
            ("[1,]", .invalidSyntax), ("", .invalidSyntax), (#""\ud800""#, .invalidString), ("[[1]]", .limitExceeded),
            ("[1,2,3]", .limitExceeded), (#""0123456789""#, .limitExceeded),
        ] as [(String, JSONError.Code)]
    )
    func codes(text: String, code: JSONError.Code) {
        let limits = JSONLimits(depth: 1, bytes: 10, values: 3)
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text, limits: limits) }
        #expect(error?.code == code)
    }

    @Test("the description of an error contains its offset")
    func errorDescription() {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: "[1,]") }
        #expect(error?.description == "expected a value at byte 3")
    }
}

extension String {
    fileprivate var quoted: String { "\"\(self)\"" }
}
