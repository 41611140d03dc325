import Testing
import ToolJSON

@Suite("JSONDocument")
struct DocumentTests {
    @Test(
        "a document reports a pointer to each repeated name",
        arguments: [
            ("{}", []), (#"{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}"#, []), (#"{"a":1,"a":2}"#, ["/a"]),
            (#"{"a":1,"a":2,"a":3,"b":4,"b":5}"#, ["/a", "/b"]), (#"{"":1,"":2}"#, ["/"]),
            (#"{"a/b":1,"a/b":2,"~":1,"~":2}"#, ["/a~1b", "/~0"]),
            (#"[0,{"x":[{"y":1,"y":2}]}]"#, ["/1/x/0/y"]),
            (#"{"a":1,"\u0061":2}"#, ["/a"]), (#"{"\u0061":1,"a":2}"#, ["/a"]),
            (#"{"\n":1,"x":0,"x":1}"#, ["/x"]),
            (#"{"a":{"b":1,"b":2},"a":3}"#, ["/a/b", "/a"]), ("{\"\u{E9}\":1,\"e\u{301}\":2}", []),
        ] as [(String, [String])]
    )
    func repeatedNames(text: String, pointers: [String]) throws {
        let document = try JSONDocument(parsing: text.utf8)
        #expect(document.repeatedNames == pointers)
        #expect(document.value == (try JSON(parsing: text)))
    }

    @Test("a document reports at most 16 repeated names, and always the first one")
    func bounds() throws {
        let many = (0..<100).map { #""k\#($0 % 50)":\#($0)"# }.joined(separator: ",")
        #expect(try JSONDocument(parsing: "{\(many)}".utf8).repeatedNames == (0..<16).map { "/k\($0)" })

        let long = (0..<4).map { String(repeating: "k", count: 100_000) + "\($0)" }
        let text = "{" + (long + long).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        #expect(try JSONDocument(parsing: text.utf8).repeatedNames == ["/" + long[0]])
    }

    @Test("a document rejects the same texts as the parser", arguments: ["", "[1,]", #"{"a":1,"a":}"#])
    func refuses(text: String) {
        #expect(throws: JSONError.self) { try JSONDocument(parsing: text.utf8) }
        #expect(throws: JSONError.self) {
            try JSONDocument(parsing: "12".utf8, limits: JSONLimits(bytes: 1))
        }
    }
}
