import Locks
import ToolJSON
import ToolRuntime
import ToolSandbox
@testable import ToolHost

/// A source of tools whose calls a test starts, observes and ends.
final class ScriptedSource: ToolSource {
    /// A call that runs.
    final class Call: ToolSourceCall {
        let tool: Int
        let request: CallRequest
        private let observe: @Sendable (CallEvent) -> Void
        private let hasEnded = Lock(false)
        private let source: ScriptedSource

        init(
            _ tool: Int,
            _ request: CallRequest,
            _ source: ScriptedSource,
            _ observe: @escaping @Sendable (CallEvent) -> Void
        ) {
            self.tool = tool
            self.request = request
            self.source = source
            self.observe = observe
        }

        func report(_ event: CallEvent) { observe(event) }

        func end(_ reason: CallEnd.Reason = .completed(0), text: String = "") {
            let isFirst = hasEnded.withLock { hasEnded in
                defer { hasEnded = true }
                return !hasEnded
            }
            guard isFirst else { return }
            var output = CallOutput()
            if !text.isEmpty {
                var text = text
                _ = text.withUTF8 {
                    output.append(ContentPart.plainTextType, UnsafeRawBufferPointer($0), limit: request.resultBytes)
                }
            }
            observe(.ended(CallEnd(reason: reason, output: output, duration: .zero)))
        }

        func cancel() {
            source.cancelled.yield()
            end(.cancelled)
        }
    }

    let registration: PluginRegistration
    /// The calls that have started, in order.
    let starts: AsyncStream<Call>
    /// One element for each call that was cancelled.
    let cancellations: AsyncStream<Void>
    private let started: AsyncStream<Call>.Continuation
    fileprivate let cancelled: AsyncStream<Void>.Continuation
    private let onStart: @Sendable (Call) -> Void
    private let onAssist: @Sendable () -> Void
    private let flushCount = Lock(0)

    /// The number of times that the host has told the source to send its requests.
    var flushes: Int { flushCount.withLock(\.self) }

    /// Creates a source of tools without parameters.
    ///
    /// - Parameters:
    ///   - onStart: Called on the thread that starts a call; by default the call runs until the test ends it.
    ///   - onAssist: Called on a thread that is about to wait for the source.
    init(
        _ tools: String...,
        onStart: @escaping @Sendable (Call) -> Void = { _ in },
        onAssist: @escaping @Sendable () -> Void = {}
    ) {
        registration = PluginRegistration(
            manifest: [],
            tools: tools.map { name in
                let schema: JSON = ["name": .string(name), "description": ""]
                return PluginRegistration.Tool(schema: schema.bytes(), fault: nil, isConcurrent: true)
            }
        )
        (starts, started) = AsyncStream.makeStream()
        (cancellations, cancelled) = AsyncStream.makeStream()
        self.onStart = onStart
        self.onAssist = onAssist
    }

    var incidents: [String] { [] }
    var isConfined: Bool { false }
    var sandbox: SandboxReport? { nil }
    func configure(_ values: [String: String]) {}
    func grant(_ permissions: PluginPermissions) {}
    func flush() { flushCount.withLock { $0 += 1 } }
    func assist(until deadline: MonotonicInstant, isDone: () -> Bool) { onAssist() }

    func start(
        tool index: Int,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> any ToolSourceCall {
        let call = Call(index, request, self, observe)
        call.report(.started)
        started.yield(call)
        onStart(call)
        return call
    }

    /// Creates a host with the tools of the source.
    func host(configure: (inout HostConfiguration) -> Void = { _ in }) throws -> ToolHost {
        var configuration = HostConfiguration()
        configuration.authorization = .allowAll
        configure(&configuration)
        let host = ToolHost(configuration)
        try host.register(self)
        return host
    }
}
