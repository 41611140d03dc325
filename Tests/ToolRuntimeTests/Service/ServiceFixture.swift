import Glibc
import TestSupport
import Testing

@testable import ToolRuntime

/// A service in this process, with a plugin whose tools do what their argument "how" says.
///
/// The tool 0 is concurrent, and the tool 1 is not.
final class ServiceFixture {
    static let concurrent = 0
    static let serial = 1
    /// The processor that the service seems to run on.
    static let processor: UInt32 = 1

    /// The messages of one call.
    struct Trace: Equatable {
        var output = ""
        var ends: [CallEnd.Reason] = []
        var returned: [Bool] = []
        var isReleased = false

        var isComplete: Bool { !ends.isEmpty && (isReleased || returned == [true]) }
    }

    private let moves = Monitor<[UInt32]>([])

    private(set) var traces: [UInt64: Trace] = [:]
    private let directory = try? FixtureDirectory()
    private let socket: Int32
    private let end = Monitor<Bool>(false)
    private var decoder = FrameDecoder()
    private var last: UInt64 = 0

    /// Starts the service.
    ///
    /// - Parameter shortCall: The time below which a call is short on average, in nanoseconds.
    init(shortCall: Int = CallPace.shortCall) throws {
        let directory = try #require(directory)
        let file = try PluginFile(
            checking: directory.plugin("actor.so", FixtureSource.file("service_actor.c"), flags: ["-pthread"])
        )
        var pair: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        let ends = pair
        socket = ends[0]
        // A message that does not come must fail the test, not stop it.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let surroundings = PluginSurroundings(
            confine: { _, _ in [] },
            become: { _, _, _, _ in },
            tighten: {},
            enter: { _ in },
            leave: {},
            flush: {},
            rescue: { _, _ in },
            processor: { Self.processor },
            move: { [moves] processor in moves.change { $0.append(processor) } }
        )
        let end = end
        try #require(
            HostThreads.shared.run {
                let service = PluginService(socket: ends[1], surroundings: surroundings, shortCall: shortCall)
                try? service.run()
                close(ends[1])
                end.change { $0 = true }
            }
        )
        let order = WorkerOrder(
            path: file.path,
            stamp: file.stamp,
            manifestBytes: 1 << 16,
            schemaBytes: 1 << 16,
            confinement: []
        )
        try send([.load(order)])
        while true { if case .registered = try next() { break } }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        // The plugin's library is removed with the directory, so no call may start any more.
        end.wait { $0 ? .done(()) : .wait(until: nil) }
        close(socket)
    }

    /// The processors that the service moved to, in order.
    var processors: [UInt32] { moves.changeQuietly { $0 } }

    /// Sends messages in one piece.
    func send(_ messages: [HostMessage]) throws {
        var bytes: [UInt8] = []
        for message in messages { message.encode(into: &bytes) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            try #require(count > 0)
            rest = rest.dropFirst(count)
        }
    }

    /// Returns the message that starts a new call.
    func call(
        _ how: String,
        tool: Int = concurrent,
        timeout: Duration = .seconds(60),
        processor: UInt32 = .max
    ) -> HostMessage {
        last += 1
        let arguments = Array(#"{"how": "\#(how)"}"#.utf8)
        let order = CallOrder(
            tool: tool,
            timeout: timeout,
            grace: .seconds(60),
            resultBytes: 100,
            processor: processor,
            arguments: arguments
        )
        return .call(last, order)
    }

    /// The number of the last call.
    var number: UInt64 { last }

    /// Runs calls until the service knows that the tools are short.
    func learn() throws {
        for _ in 0..<40 {
            for tool in [Self.concurrent, Self.serial] {
                try send([call("", tool: tool)])
                try complete(number)
            }
        }
    }

    private func next() throws -> WorkerMessage {
        while true {
            if let frame = try decoder.next() { return try WorkerMessage(frame) }
            let count = decoder.fill { recv(socket, $0.baseAddress, $0.count, 0) }
            try #require(count > 0, "no message comes")
        }
    }

    /// Receives messages until a condition on the trace of a call is met.
    func receive(_ call: UInt64, until isMet: (Trace) -> Bool) throws {
        while !isMet(traces[call] ?? Trace()) {
            switch try next() {
            case .output(let id, _, let bytes, _):
                traces[id, default: Trace()].output += String(decoding: bytes, as: UTF8.self)
            case .ended(let id, let end): traces[id, default: Trace()].ends.append(end.reason)
            case .returned(let id, let isReleased): traces[id, default: Trace()].returned.append(isReleased)
            case .released(let id): traces[id, default: Trace()].isReleased = true
            default: break
            }
        }
    }

    /// Receives messages until a call is complete.
    func complete(_ call: UInt64) throws { try receive(call, until: \.isComplete) }
}
