import Testing
import ToolJSON

@Suite("JSON values")
struct ValueTests {
    @Test("an object preserves the order of its keys")
    func order() throws {
        let text = #"{"z":1,"a":{"y":2,"b":3},"m":[{"k":1,"c":2}]}"#
        #expect(try JSON(parsing: text).text() == text)
    }

    @Test(
        "values of the same meaning are equal",
        arguments: [
            (#"{"a":1,"b":[2]}"#, #"{"b":[2.0],"a":1e0}"#, true), ("[1,2]", "[2,1]", false), ("[]", "{}", false),
            ("null", "false", false), ("0", "false", false), ("\"1\"", "1", false),
            (#"{"a":1}"#, #"{"a":1,"b":2}"#, false),
            (#"{"a":1}"#, #"{"b":1}"#, false), ("\"\u{E9}\"", "\"e\u{301}\"", false),
            (#""\u00e9""#, "\"\u{E9}\"", true),
        ]
    )
    func equality(left: String, right: String, isEqual: Bool) throws {
        let (left, right) = (try JSON(parsing: left), try JSON(parsing: right))
        #expect((left == right) == isEqual)
        if isEqual { #expect(left.hashValue == right.hashValue) }
    }

    @Test("accessors return nil for values of other types")
    func accessors() {
        let values: [JSON] = [nil, true, 1, "text", [1], ["a": 1]]
        #expect(values.map(\.typeName) == ["null", "boolean", "number", "string", "array", "object"])
        #expect(values.map(\.isNull) == [true, false, false, false, false, false])
        #expect(values.map(\.bool) == [nil, true, nil, nil, nil, nil])
        #expect(values.map(\.int) == [nil, nil, 1, nil, nil, nil])
        #expect(values.map(\.string) == [nil, nil, nil, "text", nil, nil])
        #expect(values.map { $0.array?.count } == [nil, nil, nil, nil, 1, nil])
        #expect(values.map { $0["a"] } == [nil, nil, nil, nil, nil, 1])
    }

    @Test("members of small and large objects can be set, replaced and removed", arguments: [3, 16, 17, 18, 400])
    func members(count: Int) {
        var object = JSONObject()
        for index in 0..<count { object["k\(index)"] = .int(index) }
        #expect(object.count == count)
        object["k1"] = "new"
        #expect(object.keys == (0..<count).map { "k\($0)" })
        object["k0"] = nil
        object["none"] = nil
        #expect(object.keys == (1..<count).map { "k\($0)" })
        #expect(object["k1"] == "new")
        #expect(object["k\(count - 1)"] == .int(count - 1))
        #expect(object["k0"] == nil)
        object["k0"] = true
        #expect(object.keys.last == "k0")
    }
}

@Suite("JSON text")
struct WriterTests {
    @Test(
        "the writer escapes only the characters that need it",
        arguments: [
            ("\"\\/", #""\"\\/""#), ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#),
            ("\0\u{1}\u{1F}\u{7F}", #""\u0000\u0001\u001f\u007f""#),
            ("é€😀\u{2028}", "\"é€😀\u{2028}\""), ("<>&", "\"<>&\""), ("", "\"\""),
        ]
    )
    func escapes(text: String, written: String) throws {
        #expect(JSON.string(text).text() == written)
        #expect(try JSON(parsing: written) == .string(text))
    }

    @Test("the pretty style indents nested values")
    func pretty() {
        let value: JSON = ["name": "x", "none": [:], "empty": [], "list": [1, ["a": nil]]]
        let expected = """
            {
              "name": "x",
              "none": {},
              "empty": [],
              "list": [
                1,
                {
                  "a": null
                }
              ]
            }
            """
        #expect(value.text(.pretty) == expected)
        #expect(value.text() == #"{"name":"x","none":{},"empty":[],"list":[1,{"a":null}]}"#)
        #expect("\(value)" == value.text())
        #expect(value.bytes() == Array(value.text().utf8))
    }
}
