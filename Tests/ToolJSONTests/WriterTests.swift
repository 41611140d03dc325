import Testing
import ToolJSON

@Suite("JSONWriter with a sink")
struct PieceWriterTests {
    private static let values: [JSON] = [
        [], [:], [[], [:], ["a": [1, ["b": nil]]]], ["a": "\u{0}\u{1F}\u{7F}\"\\/\u{8}\t\n\u{C}\r é 😀"],
        .string(String(repeating: "\u{1}", count: 100_000)), .string(String(repeating: "a€😀", count: 30_000)),
        .array(Array(repeating: ["key": 1.5], count: 20_000)),
    ]

    @Test("the writer emits pieces of bounded size that are valid UTF-8", arguments: values)
    func pieces(value: JSON) {
        for style in [JSONStyle.compact, .pretty] {
            var text: [UInt8] = []
            var writer = JSONWriter(style) { piece in
                #expect(piece.count < 256 << 10)
                #expect(String(validating: piece, as: UTF8.self) != nil)
                text += piece
            }
            writer.write(value)
            #expect(writer.finish().isEmpty)
            #expect(text == value.bytes(style))
        }
    }

    @Test(
        "decoding the pieces of bytes gives the same string as decoding all bytes",
        arguments: [
            [0xFF], [0x80], [0xBF, 0xBF, 0xBF, 0xBF, 0xBF], Array("é€😀".utf8), [0xF0, 0x9F, 0x98], [0x61],
            [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80, 0x80], [0xED, 0xA0, 0x80],
        ] as [[UInt8]]
    )
    func decoding(unit: [UInt8]) {
        // All lengths are tested, so that pieces end at each position of the unit.
        for offset in 0..<5 {
            let bytes =
                Array(repeating: UInt8(ascii: "x"), count: offset)
                + Array(repeatElement(unit, count: 18_000 / unit.count).joined())
            var text = ""
            bytes.forEachTextPiece { text += $0 }
            #expect(Array(text.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
        }
    }
}

@Suite("Excerpts of JSON text")
struct ExcerptTests {
    private static let values = 1 << 10

    private func document(_ text: String, keeping limit: Int = 2) throws -> JSONDocument {
        try JSONDocument(
            parsing: text.utf8,
            limits: JSONLimits(values: Self.values),
            excerpt: JSONExcerpt(name: "a", depth: 2, limit: limit),
            replacesLoneSurrogates: false
        )
    }

    @Test(
        "an excerpt omits further elements and counts them",
        arguments: [
            (#"{"a":[]}"#, #"{"a":[]}"#, [:]), (#"{"a":[1,2]}"#, #"{"a":[1,2]}"#, [:]),
            (#"{"a":[1,2,3]}"#, #"{"a":[1,2]}"#, [1: 1]),
            (#"{"b":{"a":[1,[2],{"c":"\n"},"\"",-1e5 , true]}}"#, #"{"b":{"a":[1,[2]]}}"#, [2: 4]),
            // An array with another name or at a greater depth is complete.
            (#"{"b":[1,2,3],"c":{"d":{"a":[1,2,3]}}}"#, #"{"b":[1,2,3],"c":{"d":{"a":[1,2,3]}}}"#, [:]),
            // The last value of a repeated name wins.
            (#"{"a":[1,2,3,4],"a":[1]}"#, #"{"a":[1]}"#, [:]), (#"{"a":[1,2,3],"a":5}"#, #"{"a":5}"#, [:]),
        ] as [(String, String, [Int: Int])]
    )
    func excerpt(text: String, kept: String, omitted: [Int: Int]) throws {
        let document = try document(text)
        #expect(document.value.text() == kept)
        #expect(document.omitted == omitted)
    }

    @Test(
        "a syntax error in omitted elements is rejected",
        arguments: ["[1,2,", "[1,2,}]", "[1,2,\"\n\"]", "[1,2,[,]]"]
    )
    func faults(array: String) {
        #expect(throws: JSONError.self) { try document(#"{"a":"# + array + "}") }
    }

    @Test("only values that are kept count against the limit")
    func limit() throws {
        let many = "[" + Array(repeating: "[0]", count: Self.values).joined(separator: ",") + "]"
        #expect(try document(#"{"a":"# + many + "}").omitted == [1: Self.values - 2])
        let error = #expect(throws: JSONError.self) { try document(#"{"b":"# + many + "}") }
        #expect(error?.message == "more than 1024 values")
        #expect(throws: JSONError.self) { try document(#"{"a":"# + many + "}", keeping: .max) }
    }

    @Test(
        "validation without storage agrees with the parser",
        arguments: [
            "1", "\"a\\u0041\"", "[]", "{}", #"{"a":[1,{"b":null}]}"#, " [ 1 , true ] ", "", "[", "[1,]", "{\"a\"}",
            "{a:1}",
            "tru", "1 2", "\"\\x\"", "\"\\ud800\"", "\u{FEFF}1", String(repeating: "[", count: 200), "01", "\"\u{1}\"",
            String(repeating: "[", count: 128) + String(repeating: "]", count: 128),
            String(repeating: "[", count: 129) + String(repeating: "]", count: 129),
            "-", "-0", "1.", "1.5e", "1.5E-7", "9223372036854775808", "12345678901234567890.5", "nul", "nulL", "falsE",
        ]
    )
    func validity(text: String) {
        #expect(JSON.isValid(Array(text.utf8)) == ((try? JSON(parsing: text)) != nil))
    }
}

@Suite("JSON text up to a limit")
struct LimitedTextTests {
    @Test(
        "a value is written if its text is at most as long as the limit",
        arguments: [
            nil, true, -12.5, "", "text", "\u{1}\"é", [], [1, [2, ["a": "b"]]], ["a": 1, "b": ["c": nil]],
            .string(String(repeating: "\n", count: 100)), .array(Array(repeating: "x", count: 100)),
        ] as [JSON]
    )
    func limits(value: JSON) {
        let bytes = value.bytes()
        for limit in [bytes.count, bytes.count + 1, .max] { #expect(value.bytes(upTo: limit) == bytes) }
        for limit in [-1, 0, 1, bytes.count / 2, bytes.count - 1] { #expect(value.bytes(upTo: limit) == nil) }
    }

    @Test("a string of any length is escaped at every position", arguments: 0..<20)
    func escapes(position: Int) throws {
        for character in ["\"", "\\", "\u{1F}", "\u{7F}", "é", " "] {
            for rest in 0..<10 {
                let text = String(repeating: "x", count: position) + character + String(repeating: "y", count: rest)
                let value = JSON.string(text + character)
                #expect(try JSON(parsing: value.bytes()) == value)
                #expect(value.byteCount(upTo: .max) == value.bytes().count)
                #expect(!value.bytes().contains { $0 < 0x20 || $0 == 0x7F })
            }
        }
    }
}
