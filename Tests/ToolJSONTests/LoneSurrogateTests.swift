import Testing
import ToolJSON

@Suite("Lone surrogates")
struct LoneSurrogateTests {
    private static let texts = [
        (#""\ud835""#, "\u{FFFD}"), (#""\udc97""#, "\u{FFFD}"), (#""a\uD835 b""#, "a\u{FFFD} b"),
        (#""\ud835\n""#, "\u{FFFD}\n"), (#""\ud835\u0041""#, "\u{FFFD}A"), (#""\ud835\\u0041""#, "\u{FFFD}\\u0041"),
        (#""\ud835\ud835""#, "\u{FFFD}\u{FFFD}"), (#""\ud835\ud83c\udf78""#, "\u{FFFD}🍸"),
        (#""\udf78\ud83c""#, "\u{FFFD}\u{FFFD}"), (#""é\ud835é""#, "é\u{FFFD}é"),
    ]

    private func lenient(_ text: String) throws(JSONError) -> JSONDocument {
        let none = JSONExcerpt(name: "", depth: 0, limit: 0)
        return try JSONDocument(
            parsing: text.utf8,
            limits: JSONLimits(),
            excerpt: none,
            replacesLoneSurrogates: true
        )
    }

    @Test("an escaped lone surrogate is an error unless replacement is requested", arguments: texts)
    func strict(text: String, value: String) throws {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(throws: JSONError.self) { try JSONDocument(parsing: text.utf8) }
        #expect(throws: JSONError.self) { try JSONDocument(parsing: "{\(text):1}".utf8) }
        #expect(!JSON.isValid(Array(text.utf8)))
        #expect(try lenient(text).value == .string(value))
    }

    @Test("lone surrogates are replaced in names, in skipped elements and beside pairs", arguments: texts)
    func replaced(text: String, value: String) throws {
        let list = JSON.array([.string(value)])
        #expect(try lenient("{\(text):[\(text)]}").value == .object(JSONObject([(value, list)])))
        let excerpt = JSONExcerpt(name: "a", depth: 1, limit: 1)
        let document = try JSONDocument(
            parsing: #"{"a":[0,\#(text),{\#(text):\#(text)}]}"#.utf8,
            limits: JSONLimits(),
            excerpt: excerpt,
            replacesLoneSurrogates: true
        )
        #expect(document.value == ["a": [0]] && document.omitted == [1: 2])
    }

    @Test("names that become equal by replacement count as repeated, and the last one wins")
    func names() throws {
        let document = try lenient(#"{"\ud835":1,"\udc97":2,"\#u{FFFD}":3}"#)
        #expect(document.value == ["\u{FFFD}": 3])
        #expect(document.repeatedNames == ["/\u{FFFD}"])
    }

    @Test("replacement does not change other text and does not accept malformed escapes")
    func others() throws {
        for text in [#""\ud83c\udf78 \u00e9""#, #"[1,"a\\ud835"]"#] {
            #expect(try lenient(text).value == JSON(parsing: text))
        }
        for text in [#""\ud835"#, #""\ud835\"#, #""\ud835\u12""#, #""\ud835\x""#, #""\ud83""#, "\"\\ud835\u{1}\""] {
            #expect(throws: JSONError.self) { try lenient(text) }
        }
    }
}
