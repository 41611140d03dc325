import Testing
import ToolRuntime

@Suite("Frames in a stream")
struct FrameDecoderTests {
    private static let frames = [
        Frame(.load, call: 0, more: true, [1, 2, 3]), Frame(.cancel, call: 7), Frame(.output, call: .max, [0]),
        Frame(.registered, more: false, Array(repeating: 9, count: Frame.maximumPayload)),
    ]

    @Test("frames are decoded from pieces of any size", arguments: [1, 15, 16, 17, 4096, 1 << 20])
    func pieces(size: Int) throws {
        let bytes = Self.frames.flatMap(\.encoded)
        var decoder = FrameDecoder()
        var decoded: [Frame] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            decoder.append(bytes[start..<min(start + size, bytes.count)])
            while let frame = try decoder.next() { decoded.append(frame) }
        }
        #expect(decoded == Self.frames)
    }

    @Test("an incomplete frame is not decoded", arguments: [0, 1, 15, 16, 18])
    func incomplete(count: Int) throws {
        var decoder = FrameDecoder()
        decoder.append(Frame(.log, [1, 2, 3]).encoded.prefix(count))
        #expect(try decoder.next() == nil)
    }

    @Test(
        "an invalid header is an error",
        arguments: [
            ([1, 0, 4, 0, 1, 0, 0, 0], "a frame of 262145 bytes, where at most 262144 are taken"),
            ([0, 0, 0, 0, 0, 0, 0, 0], "a frame of the unknown kind 0"),
            ([0, 0, 0, 0, 3, 0, 0, 0], "a frame of the unknown kind 3"),
            ([0, 0, 0, 0, 1, 0, 2, 0], "a frame with the unknown flags 2"),
        ] as [([UInt8], String)]
    )
    func invalid(header: [UInt8], description: String) {
        var decoder = FrameDecoder()
        decoder.append(header + Array(repeating: 0, count: 8))
        #expect(throws: FrameError(description)) { try decoder.next() }
    }

    @Test("a payload stays valid while more bytes are received and decoded")
    func shared() throws {
        var decoder = FrameDecoder()
        var payloads: [(ArraySlice<UInt8>, UInt8)] = []
        for number in 0..<200 as Range<UInt8> {
            decoder.append(Frame(.output, Array(repeating: number, count: 1 + 997 * Int(number))).encoded)
            while let frame = try decoder.next() { if number % 3 == 0 { payloads.append((frame.payload, number)) } }
        }
        #expect(payloads.count == 67)
        #expect(payloads.allSatisfy { payload, number in payload.allSatisfy { $0 == number } })
    }

    @Test("a closure that writes no bytes adds none", arguments: [0, -1])
    func nothing(count: Int) throws {
        var decoder = FrameDecoder()
        decoder.append(Frame(.cancel, call: 7).encoded.dropLast())
        #expect(decoder.fill { _ in count } == count)
        #expect(try decoder.next() == nil)
        decoder.append(Frame(.cancel, call: 7).encoded.suffix(1))
        #expect(try decoder.next() == Frame(.cancel, call: 7))
    }
}
