import Testing
import ToolJSON

/// Objects in texts that are long enough for a table of names.
@Suite("Names of members")
struct NameTableTests {
    private static let names = [
        "", "a", "b", "ab", "é", "1234567", "12345678", "12345679", "123456789", "x23456789", "123456789x23456789",
        "123456789y23456789", "\u{0}\n\"", "\u{7F}", "name", "email", "a name that is longer than sixteen bytes, here",
    ]

    /// Parses objects in a short text, and again behind white space.
    private func parsed(_ text: String) throws -> JSON {
        let short = try JSON(parsing: text)
        let long = try JSONDocument(parsing: (String(repeating: " ", count: 5000) + text).utf8).value
        #expect(short.text() == long.text())
        return long
    }

    @Test("names repeat in any order from object to object", arguments: 0..<40)
    func orders(seed: Int) throws {
        let objects = (0..<20).map { row in
            (0..<Self.names.count).map { Self.names[($0 * (1 + seed % 16) + row * seed) % Self.names.count] }
        }
        let value = JSON.array(objects.map { .object(JSONObject($0.enumerated().map { ($1, .int($0)) })) })
        #expect(try parsed(value.text()) == value)
    }

    @Test("a name repeated in one object is found in every spelling", arguments: names)
    func repetition(name: String) throws {
        let escaped = name.unicodeScalars.map(Self.escaped).joined()
        let plain = String(JSON.string(name).text().dropFirst().dropLast())
        for (first, second) in [(plain, plain), (plain, escaped), (escaped, plain), (escaped, escaped)] {
            // The names before and after are in the table; the last object repeats its name at the end of the text.
            let pairs = #""k":0,"\#(first)":1,"l":2,"\#(second)":3"#
            let value = try parsed("[{\(pairs),\"m\":4},{\"\(plain)\":0},{\(pairs)}]")
            var expected: JSONObject = ["k": 0]
            expected[name] = 3
            expected["l"] = 2
            #expect(value.array?.last?.text() == JSON.object(expected).text())
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
    }

    @Test("more names than the table has room for are found again", arguments: [1, 17, 63, 64, 65, 300, 5000])
    func manyNames(count: Int) throws {
        let names = (0..<count).map { "name \($0)" }
        let once = names.map { "\"\($0)\":1" }.joined(separator: ",")
        let single = names.map { "{\"\($0)\":1}" }.joined(separator: ",")
        let value = try parsed("[\(single),{\(once)},{\(once),\(once)}]")
        #expect(value.array?.count == count + 2)
        #expect(value.array?.suffix(2).allSatisfy { $0.object?.keys == names } == true)
        #expect(value.array?.last?.object.map { object in names.allSatisfy { object[$0] == 1 } } == true)
    }

    @Test("a name that only begins like the expected one is another name")
    func prefixes() throws {
        for name in ["na", "name", "names", "name\\\"", "n\\u0061me", "name:", "name "] {
            let text = #"[{"id":1,"name":2},{"id":1,"name":2},{"id":1,"\#(name)":2}]"#
            #expect(try parsed(text).array?.last?.object?.count == 2)
        }
        // The text ends where the expected name continues.
        for end in 0...13 {
            let text = String(#"[{"id":1,"name":2},{"id":1,"name":2},{"id":1,"name":2}]"#.dropLast(end + 1))
            #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: " ", count: 5000) + text) }
        }
    }
}
