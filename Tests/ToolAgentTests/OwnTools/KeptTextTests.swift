import Testing
import ToolHost
import ToolJSON

@testable import ToolAgent

@Suite("The whole texts of long results")
struct KeptTextTests {
    /// Returns a result with several parts, and its text.
    private static func result() -> (ToolResult, [Unicode.Scalar]) {
        let long = (0..<9_000).map { "€\($0) e\u{301}👋🏽" }.joined(separator: "\n")
        let parts: [ContentPart] = [
            .text("first"), ContentPart(mediaType: "image/png", bytes: [1, 2, 3]), .text(long),
            ContentPart(mediaType: ContentPart.jsonType, bytes: Array("[1]".utf8)),
        ]
        let result = ToolResult(call: ToolCall(name: "long"), status: .ok, parts: parts)
        return (result, Array(result.text.unicodeScalars))
    }

    private static func kept(_ result: ToolResult, _ maximumBytes: Int) -> KeptText? {
        KeptText(maximumBytes: maximumBytes) { result.forEachTextPiece($0) }
    }

    @Test("any range of characters is exact, also across the pieces and beyond the end")
    func ranges() throws {
        let (result, scalars) = Self.result()
        let text = try #require(Self.kept(result, .max))
        #expect(text.count == scalars.count)
        #expect(text.byteCount == result.text.utf8.count)
        for start in stride(from: 0, through: scalars.count + 10, by: 1_777) {
            for length in [0, 1, 5, 16_384, 40_000] {
                let expected = scalars.dropFirst(start).prefix(length)
                let part = text.text(in: start..<start + length)
                #expect(part.unicodeScalars.elementsEqual(expected), "\(start) \(length)")
            }
        }
    }

    @Test("a text that is too long is not stored")
    func tooLong() {
        let (result, _) = Self.result()
        #expect(Self.kept(result, result.text.utf8.count) != nil)
        #expect(Self.kept(result, result.text.utf8.count - 1) == nil)
    }

    @Test("a search finds the same places as a comparison at each position")
    func search() throws {
        var random = SplitMix(state: 7)
        for _ in 0..<300 {
            let alphabet = ["a", "A", "b", "é", "日"]
            func word(_ count: Int) -> String {
                (0..<count).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
            }
            let pieces = (0..<Int.random(in: 1...6, using: &random)).map { _ in word(.random(in: 0...9, using: &random))
            }
            let pattern = word(.random(in: 1...4, using: &random))
            let start = Int.random(in: 0...5, using: &random)
            var search = SubstringSearch(pattern)
            var found: [Int] = []
            var position = 0
            for piece in pieces {
                search.find(in: piece, at: position, from: start) { found.append($0) }
                position += piece.unicodeScalars.count
            }
            #expect(
                found == Self.places(of: pattern, in: pieces.joined(), from: start),
                "\(pieces) \(pattern) \(start)"
            )
        }
    }

    private static func places(of pattern: String, in text: String, from start: Int) -> [Int] {
        func folded(_ text: String) -> [Unicode.Scalar] { text.unicodeScalars.map { $0 == "A" ? "a" : $0 } }
        let (text, pattern) = (folded(text), folded(pattern))
        var found: [Int] = []
        var position = start
        while position + pattern.count <= text.count {
            if text[position..<position + pattern.count].elementsEqual(pattern) {
                found.append(position)
                position += pattern.count
            } else {
                position += 1
            }
        }
        return found
    }

    @Test("the search for a repetitive pattern in a repetitive text is linear")
    func hostileSearch() throws {
        let result = ToolResult(
            call: ToolCall(name: "long"),
            status: .ok,
            parts: [.text(String(repeating: "a", count: 2 << 20))]
        )
        let text = try #require(Self.kept(result, .max))
        let pattern = String(repeating: "a", count: 999) + "b"
        #expect(text.places(of: pattern, from: 0, limit: 5).count == 0)
        let found = text.places(of: String(repeating: "A", count: 1_000), from: 1, limit: 2)
        #expect(found.positions == [1, 1_001] && found.count == (2 << 20 - 1) / 1_000)
    }

    @Test("an empty pattern occurs nowhere")
    func emptyPattern() throws {
        let text = try #require(Self.kept(Self.result().0, .max))
        #expect(text.places(of: "", from: 0, limit: 5).count == 0)
    }
}

/// A deterministic generator, so that a failure can be repeated.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
