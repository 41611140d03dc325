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

    @Test(
        "a payload is split into frames of the maximum size",
        arguments: [(0, 1), (1, 1), (Frame.maximumPayload, 1), (Frame.maximumPayload + 1, 2)]
    )
    func split(count: Int, frames: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let split = Frame.split(.load, call: 5, payload)
        #expect(split.count == frames)
        #expect(split.dropLast().allSatisfy(\.more) && split.last?.more == false)
        #expect(split.allSatisfy { $0.kind == .load && $0.call == 5 })
        #expect(split.flatMap(\.payload) == payload)
    }
}
