import Locks
package import ToolJSON
package import ToolRuntime
package import ToolSandbox

/// A source with one tool, whose code is a function of this program.
///
/// Unlike a tool that is registered in a host, it exists as long as something refers to it, so that each agent can have
/// such tools.
package final class FunctionSource: ToolSource {
    /// The reply of a function, for the model.
    package enum Reply: Sendable, Hashable {
        case text(String)
        /// The description of the tool's error.
        case error(String)
    }

    /// The code of a tool.
    ///
    /// It runs on a thread of the host with arguments that fit the schema. It may block, and must return after a bounded
    /// time: a timeout or a cancellation ends the call, but not the function.
    package typealias Function = @Sendable (JSONObject) -> Reply

    package let registration: PluginRegistration
    private let function: Function

    private init(_ schema: JSONObject, _ function: @escaping Function) {
        let tool = PluginRegistration.Tool(schema: JSON.object(schema).bytes(), fault: nil, isConcurrent: true)
        registration = PluginRegistration(manifest: [], tools: [tool])
        self.function = function
    }

    /// Creates a tool.
    ///
    /// - Parameters:
    ///   - schema: Ollama's function object.
    ///   - function: The code.
    /// - Returns: The tool, or nil if the schema is not valid.
    package static func tool(_ schema: JSONObject, _ function: @escaping Function) -> RegisteredTool? {
        try? RegisteredTool.reading(0, of: FunctionSource(schema, function), from: .program).tool
    }

    package var incidents: [String] { [] }

    package var isConfined: Bool { false }

    package var sandbox: SandboxReport? { nil }

    package func configure(_ values: [String: String]) {}

    package func grant(_ permissions: PluginPermissions) {}

    package func start(
        tool index: Int,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> any ToolSourceCall {
        let call = Call(request, observe)
        call.start(function)
        return call
    }

    /// A call of the function.
    private final class Call: ToolSourceCall {
        private struct State {
            var hasEnded = false
            var timeout: DeadlineTimer.Token?
        }

        private let request: CallRequest
        private let observe: @Sendable (CallEvent) -> Void
        private let startTime = MonotonicInstant.now
        private let state = Lock(State())

        init(_ request: CallRequest, _ observe: @escaping @Sendable (CallEvent) -> Void) {
            self.request = request
            self.observe = observe
        }

        func start(_ function: @escaping Function) {
            observe(.started)
            state.withLock { state in
                state.timeout = DeadlineTimer.shared.schedule(at: startTime + request.timeout) { self.end(.timedOut) }
            }
            let isRunning = HostThreads.shared.run { [self] in
                switch function(request.arguments.object) {
                case .text(let text): end(.completed(0), text)
                case .error(let text): end(.completed(1), text)
                }
            }
            if !isRunning { end(.failed("The system has no thread left.")) }
        }

        func cancel() { end(.cancelled) }

        /// Reports the end of the call, unless it has ended.
        private func end(_ reason: CallEnd.Reason, _ text: String = "") {
            let (isFirst, timeout) = state.withLock { state in
                defer { state = State(hasEnded: true) }
                return (!state.hasEnded, state.timeout)
            }
            guard isFirst else { return }
            if let timeout { DeadlineTimer.shared.cancel(timeout) }
            var output = CallOutput(keepsBytes: request.keepsOutput)
            var text = text
            _ = text.withUTF8 { bytes in
                output.append(
                    ContentPart.plainTextType,
                    UnsafeRawBufferPointer(bytes),
                    limit: request.resultBytes,
                    budget: request.budget
                )
            }
            observe(.ended(CallEnd(reason: reason, output: output, duration: MonotonicInstant.now.since(startTime))))
        }
    }
}
