import Foundation
import Testing
import ToolPlugin

@ToolSchema private struct Entry: Codable, Equatable {
    @Bounds(1...10) var number: Int
    @Bounds(0.5...) var rate: Double?
    @Pattern("^a") var text: String?
    @Length(...3) var word: String = "abc"
    @Count(1...2) var tags: [String] = []
}

/// To Codable, the wrappers of constraints are not there.
@Suite struct ConstraintTests {
    @Test func areNotDecoded() throws {
        let text = #"{"number":3,"text":null,"word":"x","tags":["a"]}"#
        let entry = try JSONDecoder().decode(Entry.self, from: Data(text.utf8))
        #expect(entry == Entry(number: 3, word: "x", tags: ["a"]))
        #expect(entry.rate == nil)
    }

    @Test func areNotEncoded() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(Entry(number: 99, rate: 1)), as: UTF8.self)
        // And nothing is checked: it is the host that holds calls to a schema.
        #expect(text == #"{"number":99,"rate":1,"tags":[],"word":"abc"}"#)
    }
}
