import Testing
import ToolJSON

/// Texts that are designed to break a parser or to waste its time.
@Suite("Hostile JSON text")
struct HostileTextTests {
    @Test(
        "every kind of nesting is rejected at the depth limit",
        arguments: [
            ("[", 1_000_000), ("{\"a\":", 100_000), ("[{\"a\":", 100_000), ("[[],", 100_000),
            ("[\n", 100_000),
        ]
    )
    func depth(open: String, count: Int) {
        let error = #expect(throws: JSONError.self) {
            try JSON(parsing: String(repeating: open, count: count))
        }
        #expect(error?.message == "nested more than 128 levels deep")
    }

    @Test(
        "a very long string is parsed",
        arguments: [
            ("a", "a"), ("é", "é"), (#"\n"#, "\n"), (#"\ud83d\ude00"#, "😀"), (#"a\u0000"#, "a\0"),
        ]
    )
    func longStrings(written: String, value: String) throws {
        let count = 10_000_000 / written.utf8.count
        let parsed = try JSON(parsing: "\"" + String(repeating: written, count: count) + "\"")
        #expect(parsed == .string(String(repeating: value, count: count)))
        #expect(throws: JSONError.self) {
            try JSON(parsing: "\"" + String(repeating: written, count: count))
        }
    }

    @Test(
        "many names with equal length, first letter and last letter are parsed",
        arguments: [2, 15, 16, 17, 1000, 50_000]
    )
    func similarNames(count: Int) throws {
        let names = (0..<count).map { "k\(1_000_000 + $0)k" }
        let text = "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try JSON(parsing: text).object?.keys == names)
        #expect(try JSONDocument(parsing: text.utf8).repeatedNames == [])
    }

    @Test("a name that is repeated 100,000 times is parsed")
    func repeatedName() throws {
        let text = "{" + (0..<100_000).map { "\"name\":\($0)" }.joined(separator: ",") + "}"
        #expect(try JSONDocument(parsing: text.utf8).repeatedNames == ["/name"])
        #expect(try JSON(parsing: text) == ["name": 99_999])
    }

    @Test("an unescaped control character is rejected at every position", arguments: UInt8(0)..<0x20)
    func controlCharacters(byte: UInt8) {
        let quote = UInt8(ascii: "\"")
        // The parser reads eight bytes at once, and the last bytes one by one.
        for length in 0...17 {
            let text = Array(repeating: UInt8(ascii: "a"), count: length)
            let error = #expect(throws: JSONError.self) {
                try JSON(parsing: [quote] + text + [byte] + text + [quote])
            }
            #expect(error?.offset == length + 1)
        }
    }

    @Test("strings of every length end at their closing quote", arguments: 0...40)
    func stringEnds(length: Int) throws {
        for position in 0..<max(length, 1) {
            for (written, value) in [
                ("", ""), (#"\""#, "\""), (#"\\"#, "\\"), ("é", "é"), ("\u{7F}", "\u{7F}"), ("!", "!"),
            ] {
                let before = String(repeating: "x", count: position)
                let after = String(repeating: "]", count: length - min(position, length))
                let parsed = try JSON(parsing: "[\"\(before)\(written)\(after)\",0]")
                #expect(parsed == [.string(before + value + after), 0])
            }
        }
    }

    @Test(
        "literals of other languages are rejected",
        arguments: [
            "Infinity", "-Infinity", "NaN", "-NaN", "nan", "1e", "0x10", "1_000", "٣", "undefined",
            "True", "\u{FEFF}{}", "{}\0", "\0", "{\"a\":1,}", "/**/1", "[1,,2]",
        ]
    )
    func otherLanguages(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test("an object has the same members as a dictionary", arguments: 0..<200)
    func members(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        var names: [String] = []
        var values: [String: JSON] = [:]
        var text: [String] = []
        for value in 0..<Int.random(in: 1...40, using: &random) {
            let letter = ["a", "b", "ab", "aab", "abb", "é", "\n"].randomElement(using: &random) ?? ""
            let name = letter + "\(Int.random(in: 0...9, using: &random))"
            let written =
                letter == "\n"
                ? #"\n"# + name.dropFirst() : Bool.random(using: &random) ? name : name.escaped
            if values.updateValue(.int(value), forKey: name) == nil { names.append(name) }
            text.append("\"\(written)\":\(value)")
        }
        let object = try #require(try JSON(parsing: "{" + text.joined(separator: ", ") + "}").object)
        #expect(object.keys == names)
        #expect(names.allSatisfy { object[$0] == values[$0] })
    }
}

extension String {
    /// Returns a string with every character escaped as `\uXXXX`.
    fileprivate var escaped: String {
        utf16.map {
            #"\u"# + String(repeating: "0", count: 4 - String($0, radix: 16).count)
                + String($0, radix: 16)
        }
        .joined()
    }
}

/// A deterministic generator.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
