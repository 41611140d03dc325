import Testing
import ToolRuntime

@Suite("Messages between host and worker")
struct MessageTests {
    private static let end = WorkerCallEnd(reason: .completed(3), isTruncated: true, duration: .milliseconds(2))

    private static let hostMessages: [HostMessage] = [
        .load(WorkerOrder(path: "/a.so", stamp: [1, .max], manifestBytes: 2, schemaBytes: 3, confinement: [4])),
        .load(
            WorkerOrder(
                path: "/a.py",
                stamp: [1],
                manifestBytes: 2,
                schemaBytes: 3,
                confinement: [],
                interpreter: InterpreterOrder(arguments: ["python", "-I", ""], files: ["/a.py", "/ü b.py"])
            )
        ),
        .configure(["a": "b", "c": ""], mayResolve: true), .configure([:], mayResolve: false),
        .call(
            9,
            CallOrder(
                tool: 1,
                timeout: .seconds(2),
                grace: .zero,
                resultBytes: 4,
                processor: 3,
                arguments: Array("{}".utf8)
            )
        ),
        .cancel(9), .addresses(1, ["127.0.0.1", "::1"]), .addresses(2, []), .addresses(3, nil),
    ]

    private static let workerMessages: [WorkerMessage] = [
        .hello(version: workerProtocolVersion), .confined([1]),
        .registered(
            PluginRegistration(
                manifest: [1],
                tools: [
                    PluginRegistration.Tool(schema: [2], fault: nil, isConcurrent: true),
                    PluginRegistration.Tool(schema: [], fault: "It is broken.", isConcurrent: false),
                ]
            )
        ),
        .refused(code: "notPlugin", "It is not."), .log(2, "line"), .violation("It did."),
        .output(4, mediaType: "text/plain", [5], continues: true),
        .output(4, mediaType: "text/plain", [], continues: false),
        .progress(4, 0.5, "half"), .progress(4, nil, ""), .ended(4, end),
        .ended(4, WorkerCallEnd(reason: .timedOut, isTruncated: false, duration: .zero)),
        .ended(4, WorkerCallEnd(reason: .cancelled, isTruncated: false, duration: .zero)),
        .ended(4, WorkerCallEnd(reason: .failed("It failed."), isTruncated: false, duration: .zero)),
        .returned(4, isReleased: true), .released(4), .resolve(5, "example.org"), .holdsHandles(true),
    ]

    /// The frames that a message is encoded to.
    private static func frames(_ encode: (inout [UInt8]) -> Void) throws -> [Frame] {
        // A message is appended to those that wait.
        var bytes = Frame(.cancel, call: 77).encoded
        encode(&bytes)
        var decoder = FrameDecoder()
        decoder.append(bytes)
        var frames: [Frame] = []
        while let frame = try decoder.next() { frames.append(frame) }
        #expect(frames.first == Frame(.cancel, call: 77))
        return Array(frames.dropFirst())
    }

    private static func frame(_ message: HostMessage) throws -> Frame {
        let frames = try frames(message.encode)
        return try #require(frames.count == 1 ? frames.first : nil)
    }

    private static func frame(_ message: WorkerMessage) throws -> Frame {
        let frames = try frames(message.encode)
        return try #require(frames.count == 1 ? frames.first : nil)
    }

    @Test("a message of the host is read as it was written", arguments: hostMessages)
    func host(message: HostMessage) throws {
        #expect(try HostMessage(Self.frame(message)) == message)
    }

    @Test("a message of a worker is read as it was written", arguments: workerMessages)
    func worker(message: WorkerMessage) throws {
        #expect(try WorkerMessage(Self.frame(message)) == message)
    }

    @Test("a message for the other side is an error")
    func direction() throws {
        for message in Self.hostMessages {
            #expect(throws: FrameError.self) { try WorkerMessage(Self.frame(message)) }
        }
        for message in Self.workerMessages {
            #expect(throws: FrameError.self) { try HostMessage(Self.frame(message)) }
        }
    }

    @Test("a truncated message is an error, or another message", arguments: hostMessages)
    func truncated(message: HostMessage) throws {
        let frame = try Self.frame(message)
        for count in 0..<frame.payload.count {
            var part = frame
            part.payload = frame.payload.prefix(count)
            #expect((try? HostMessage(part)) != message)
        }
    }

    @Test("an order with too many or no files of an interpreter is an error", arguments: [0, 192, 193])
    func interpreter(count: Int) throws {
        let interpreter = InterpreterOrder(arguments: ["python"], files: Array(repeating: "/a", count: count))
        let order = WorkerOrder(
            path: "/a.py",
            stamp: [],
            manifestBytes: 1,
            schemaBytes: 1,
            confinement: [],
            interpreter: interpreter
        )
        let frame = try Self.frame(.load(order))
        if 1...InterpreterOrder.maximumFiles ~= count {
            #expect(try HostMessage(frame) == .load(order))
        } else {
            #expect(throws: FrameError.self) { try HostMessage(frame) }
        }
    }

    @Test("a long output is sent in frames that are messages of one write")
    func longOutput() throws {
        let bytes = Array(repeating: UInt8(1), count: 2 * Frame.maximumPayload)
        let message = WorkerMessage.output(1, mediaType: "text/plain", bytes, continues: false)
        let frames = try Self.frames(message.encode)
        #expect(frames.count == 3 && frames.allSatisfy { $0.payload.count <= Frame.maximumPayload && !$0.more })
        var output: [UInt8] = []
        for (index, frame) in frames.enumerated() {
            guard case .output(1, "text/plain", let piece, let continues) = try WorkerMessage(frame) else {
                Issue.record("\(frame.kind)")
                return
            }
            #expect(continues == (index > 0))
            output += piece
        }
        #expect(output == bytes)
    }

    @Test(
        "a message is split into frames of the maximum size",
        arguments: [
            // A call has 32 bytes before its arguments.
            (0, 1), (Frame.maximumPayload - 32, 1), (Frame.maximumPayload - 31, 2), (3 * Frame.maximumPayload, 4),
        ]
    )
    func split(count: Int, expected: Int) throws {
        let arguments = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let order = CallOrder(tool: 1, timeout: .zero, grace: .zero, resultBytes: 1, arguments: arguments)
        let frames = try Self.frames(HostMessage.call(5, order).encode)
        #expect(frames.count == expected)
        #expect(frames.dropLast().allSatisfy(\.more) && frames.last?.more == false)
        #expect(frames.allSatisfy { $0.kind == .call && $0.call == 5 && $0.payload.count <= Frame.maximumPayload })
        var assembly = MessageAssembly(limit: .max)
        var whole: Frame?
        for frame in frames { whole = try assembly.take(frame) }
        #expect(try HostMessage(#require(whole)) == .call(5, order))
    }
}
