import Testing
import ToolRuntime

@Suite("Fields of payloads")
struct PayloadTests {
    @Test("fields are read as they were written")
    func fields() throws {
        var writer = PayloadWriter()
        writer.integer(UInt8(7))
        writer.integer(Int32(-2))
        writer.integer(UInt64.max)
        writer.flag(true)
        writer.flag(false)
        writer.bytes([1, 2, 3])
        writer.text("é🎈")
        writer.duration(.milliseconds(1500))
        writer.remainder([9, 8])
        var reader = PayloadReader(writer.payload)
        #expect(try reader.integer(UInt8.self) == 7)
        #expect(try reader.integer(Int32.self) == -2)
        #expect(try reader.integer(UInt64.self) == .max)
        #expect(try reader.flag())
        #expect(try !reader.flag())
        #expect(try reader.bytes() == [1, 2, 3])
        #expect(try reader.text() == "é🎈")
        #expect(try reader.duration() == .milliseconds(1500))
        #expect(reader.remainder() == [9, 8])
        #expect(throws: Never.self) { try reader.end() }
    }

    @Test("integers are little-endian")
    func order() {
        var writer = PayloadWriter()
        writer.integer(UInt32(0x0102_0304))
        #expect(writer.payload == [4, 3, 2, 1])
    }

    @Test("a field beyond the end of the payload is an error", arguments: 0..<4)
    func short(count: Int) {
        var reader = PayloadReader(Array(repeating: UInt8(0), count: count))
        #expect(throws: FrameError("a payload that ends too early")) { try reader.integer(UInt32.self) }
    }

    @Test(
        "a length beyond the end of the payload is an error",
        arguments: [[1, 0, 0, 0], [3, 0, 0, 0, 1, 2], [255, 255, 255, 255, 1]] as [[UInt8]]
    )
    func length(payload: [UInt8]) {
        var reader = PayloadReader(payload)
        #expect(throws: FrameError("a payload that ends too early")) { try reader.bytes() }
    }

    @Test("bytes after the last field are an error")
    func excess() {
        #expect(throws: FrameError("a payload with 2 bytes too many")) { try PayloadReader([1, 2]).end() }
    }

    @Test(
        "a string is truncated between Unicode scalars",
        arguments: [("abc", 3, "abc"), ("abc", 2, "ab"), ("aé", 2, "a"), ("🎈b", 3, ""), ("🎈b", 4, "🎈"), ("", 0, "")]
    )
    func truncation(string: String, limit: Int, expected: String) throws {
        var writer = PayloadWriter()
        writer.text(string, limit: limit)
        var written = PayloadReader(writer.payload)
        #expect(try written.text() == expected)
        writer = PayloadWriter()
        writer.text(string)
        var read = PayloadReader(writer.payload)
        #expect(try read.text(limit: limit) == expected)
    }

    @Test("a string that is not UTF-8 is repaired")
    func encoding() throws {
        var reader = PayloadReader([1, 0, 0, 0, 0xFF])
        #expect(try reader.text() == "\u{FFFD}")
    }

    @Test(
        "a duration is clamped to the range of the reader",
        arguments: [
            (.seconds(-1), .zero), (.zero, .zero), (.nanoseconds(1), .nanoseconds(1)),
            (.seconds(Int64.max), .nanoseconds(Int64.max)), (.seconds(Int64.min), .zero),
        ] as [(Duration, Duration)]
    )
    func duration(written: Duration, expected: Duration) throws {
        var writer = PayloadWriter()
        writer.duration(written)
        var reader = PayloadReader(writer.payload)
        #expect(try reader.duration() == expected)
    }
}
