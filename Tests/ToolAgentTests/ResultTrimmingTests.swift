import Testing

@testable import ToolAgent

@Suite("Trimmed results")
struct ResultTrimmingTests {
    @Test("a text within the limit is not changed")
    func aTextThatFitsIsLeftAlone() {
        #expect("".trimmed(to: 10) == "")
        #expect("0123456789".trimmed(to: 10) == "0123456789")
        // Ten characters, thirty bytes.
        #expect(String(repeating: "€", count: 10).trimmed(to: 10) == String(repeating: "€", count: 10))
    }

    @Test("the middle of a long text is omitted, with a note of its length")
    func theMiddleOfALongTextIsLeftOut() throws {
        let text = String(repeating: "a", count: 600) + String(repeating: "z", count: 400)
        let trimmed = text.trimmed(to: 131)
        #expect(trimmed.unicodeScalars.count <= 131)
        #expect(trimmed.hasPrefix(String(repeating: "a", count: 75) + "\n[…"))
        #expect(trimmed.hasSuffix("…]\n" + String(repeating: "z", count: 25)))
        let kept = trimmed.count { $0 == "a" || $0 == "z" } - "characters omitted".count { $0 == "a" }
        #expect(trimmed.contains("[… \(1000 - kept) characters omitted …]"))
    }

    @Test("a text is within the limit even if the note is longer than the limit")
    func theLimitHoldsWhereTheNoteDoesNotFit() {
        #expect(String(repeating: "a", count: 100).trimmed(to: 5) == "aaaaa")
        #expect("abc".trimmed(to: 0) == "")
    }

    @Test("the beginning and the end are exact wherever the pieces are divided", arguments: 60...80)
    func division(limit: Int) throws {
        let text = (0..<15).map { "e\u{301}👋🏽\($0)" }.joined()
        let count = text.unicodeScalars.count
        let trimmed = text.trimmed(to: limit)
        #expect(trimmed.unicodeScalars.count <= limit)
        if count <= limit {
            #expect(trimmed == text)
        } else {
            let parts = trimmed.split(separator: "\n")
            try #require(parts.count == 3)
            let kept = parts[0].unicodeScalars.count + parts[2].unicodeScalars.count
            #expect(text.unicodeScalars.starts(with: parts[0].unicodeScalars))
            #expect(text.unicodeScalars.reversed().starts(with: parts[2].unicodeScalars.reversed()))
            #expect(parts[1] == "[… \(count - kept) characters omitted …]")
        }
    }

    @Test("a single long grapheme is trimmed, too")
    func aSingleGraphemeOfAnyLengthIsCutToo() {
        let text = "e" + String(repeating: "\u{301}", count: 10_000)
        #expect(text.count == 1)
        #expect(text.trimmed(to: 100).unicodeScalars.count <= 100)
    }
}

extension String {
    /// Returns the text, trimmed in pieces of a few characters.
    fileprivate func trimmed(to limit: Int) -> String {
        let scalars = Array(unicodeScalars)
        return ResultTrimming(limit: limit).text { body in
            for start in stride(from: 0, to: scalars.count, by: 7) {
                var piece = String.UnicodeScalarView()
                piece.append(contentsOf: scalars[start..<min(start + 7, scalars.count)])
                body(String(piece))
            }
        }
    }
}
