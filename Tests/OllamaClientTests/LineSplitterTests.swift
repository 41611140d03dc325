import Testing

@testable import OllamaClient

@Suite("The lines of a stream")
struct LineSplitterTests {
    /// Lines with umlauts, an emoji and a combining character, so that the stream is also divided inside characters.
    private static let lines = [#"{"a":"Grüße 👩‍🚀 e\#u{301}"}"#, #"{"b":2}"#, #"{"c":"日本"}"#]

    private func split(_ pieces: [[UInt8]], limit: Int = 1 << 20) throws -> [String] {
        var splitter = LineSplitter(limit: limit)
        var lines: [[UInt8]] = []
        for piece in pieces { lines += try splitter.add(piece) }
        if let last = splitter.finish() { lines.append(last) }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("lines are the same however the stream is divided", arguments: ["\n", "\r\n", "\n\n", "\r\n\r\n\n"])
    func division(_ end: String) throws {
        let bytes = Array(Self.lines.map { $0 + end }.joined().utf8)
        for position in 0...bytes.count {
            #expect(try split([Array(bytes[..<position]), Array(bytes[position...])]) == Self.lines)
        }
        #expect(try split(bytes.map { [$0] }) == Self.lines)
    }

    @Test("the last line needs no line break", arguments: ["\n", "\r\n"])
    func lastLine(_ end: String) throws {
        let bytes = Array(Self.lines.joined(separator: end).utf8)
        for position in 0...bytes.count {
            #expect(try split([Array(bytes[..<position]), Array(bytes[position...])]) == Self.lines)
        }
    }

    @Test("blank lines are ignored", arguments: ["", "\n", "\r\n", " \t\n\r\n", "\r"])
    func blankLines(_ text: String) throws {
        #expect(try split([Array(text.utf8)]).isEmpty)
    }

    @Test("all lines of one piece are returned at once")
    func manyLines() throws {
        var splitter = LineSplitter(limit: 10)
        #expect(try splitter.add(Array("1\n2\n3\n4".utf8)).count == 3)
        #expect(splitter.finish() == Array("4".utf8))
        #expect(splitter.finish() == nil)
    }

    @Test("a line beyond the limit is rejected")
    func limit() throws {
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 100)
        #expect(try split([line + [0x0A], line], limit: 100).count == 2)
        #expect(throws: OllamaError.self) { try split([line + [0x78]], limit: 100) }
        #expect(throws: OllamaError.self) { try split([line, [0x78]], limit: 100) }
        #expect(throws: OllamaError.self) { try split(([0x0A] + line + [0x78, 0x0A]).map { [$0] }, limit: 100) }
    }

    @Test("a line of five megabytes in many pieces is returned whole")
    func longLine() throws {
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 5 << 20)
        let pieces = stride(from: 0, to: line.count, by: 1500).map { Array(line[$0..<min($0 + 1500, line.count)]) }
        #expect(try split(pieces + [[0x0A]], limit: 64 << 20).map(\.utf8.count) == [5 << 20])
    }
}
