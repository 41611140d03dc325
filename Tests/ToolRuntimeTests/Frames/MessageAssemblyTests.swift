import Testing
import ToolRuntime

@Suite("Messages in several frames")
struct MessageAssemblyTests {
    @Test("a frame that is complete is returned unchanged")
    func single() throws {
        var assembly = MessageAssembly(limit: 0)
        let frame = Frame(.output, call: 1, [1, 2])
        #expect(try assembly.take(frame) == frame)
    }

    @Test("the frames of different calls and kinds can alternate")
    func alternating() throws {
        var assembly = MessageAssembly(limit: 6)
        #expect(try assembly.take(Frame(.call, call: 1, more: true, [1])) == nil)
        #expect(try assembly.take(Frame(.call, call: 2, more: true, [2, 2])) == nil)
        #expect(try assembly.take(Frame(.addresses, call: 1, more: true, [3, 3, 3])) == nil)
        #expect(try assembly.take(Frame(.cancel, call: 1)) == Frame(.cancel, call: 1))
        #expect(try assembly.take(Frame(.call, call: 2, [4])) == Frame(.call, call: 2, [2, 2, 4]))
        #expect(try assembly.take(Frame(.call, call: 1, [])) == Frame(.call, call: 1, [1]))
        #expect(try assembly.take(Frame(.addresses, call: 1, [5])) == Frame(.addresses, call: 1, [3, 3, 3, 5]))
    }

    @Test("a completed message no longer counts against the limit")
    func release() throws {
        var assembly = MessageAssembly(limit: 2)
        for call in 0..<3 as Range<UInt64> {
            #expect(try assembly.take(Frame(.call, call: call, more: true, [1, 2])) == nil)
            #expect(try assembly.take(Frame(.call, call: call, [3])) == Frame(.call, call: call, [1, 2, 3]))
        }
    }

    @Test(
        "an invalid part of a message is an error",
        arguments: [
            (Frame(.output, more: true, [1]), "a message of the kind output in pieces"),
            (Frame(.call, more: true, [1, 2, 3]), "messages of more than 2 bytes"),
            // Frames without content would cost the sender nothing.
            (Frame(.call, more: true, []), "messages of more than 2 bytes"),
        ]
    )
    func invalid(frame: Frame, description: String) {
        var assembly = MessageAssembly(limit: 2)
        #expect(throws: FrameError(description)) { try assembly.take(frame) }
    }

    @Test("at most 4096 messages can be incomplete")
    func count() throws {
        var assembly = MessageAssembly(limit: 10_000)
        for call in 0..<4096 as Range<UInt64> { _ = try assembly.take(Frame(.call, call: call, more: true, [1])) }
        #expect(throws: FrameError("too many messages at once")) {
            try assembly.take(Frame(.call, call: 4096, more: true, [1]))
        }
    }
}
