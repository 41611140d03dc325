import Synchronization
import ToolJSON
import ToolRuntime
import ToolSchema

/// The way of one call to its result: look up, normalise, coerce, validate, authorize, run.
struct Dispatch: Sendable {
    let host: ToolHost
    let call: ToolCall
    let index: Int
    let listing: ToolListing
    let observe: @Sendable (DispatchEvent) -> Void
    /// The bytes for the results of all calls of the message.
    let budget: ResultBudget

    /// A call that may run, if the gate lets it.
    struct Ready: Sendable {
        let tool: RegisteredTool
        /// With the arguments that the tool will see.
        let call: ToolCall
        let arguments: JSONObject
        let coercions: [Coercion]
        let notes: [String]
    }

    /// Checks the call, and runs it if the gate lets it.
    ///
    /// Each call is reported to the gate exactly once, because the question waits for all checks.
    func answer(_ gate: BatchGate) async -> ToolResult {
        guard let tool = listing.tool(named: call.name) else {
            gate.skip()
            // The search for near names takes long, so the calls after this one start first.
            await Task.yield()
            let refusal = listing.refusal(of: call.name) ?? (.unknownTool, listing.sentence(forUnknown: call.name))
            return refused(refusal.status, refusal.sentence)
        }
        let check = CallCheck(
            call: call,
            tool: tool,
            limits: JSONLimits(
                bytes: host.configuration.limits.argumentBytes,
                // All calls of a message together get the memory of one text.
                values: JSONLimits().values / budget.calls
            ),
            bytes: WorkBudget.checkBytes / budget.calls
        )
        switch await check.outcome(on: host.checks) {
        case .ready(let ready)?:
            var answer = await run(ready, gate)
            answer.notes += ready.notes
            answer.coercions = ready.coercions
            return answer
        case .refused(let answer)?:
            gate.skip()
            return answer
        case nil:
            gate.skip()
            return refused(.cancelled, ToolStatus.cancelled.defaultSentence)
        }
    }

    private func run(_ ready: Ready, _ gate: BatchGate) async -> ToolResult {
        let tool = ready.tool
        // Cancelling the question is not a refusal: the call is reported as cancelled, not denied.
        guard let authorization = await gate.authorize(index, ready.call, tool), !Task.isCancelled else {
            return refused(.cancelled, ToolStatus.cancelled.defaultSentence)
        }
        if case .deny(let reason) = authorization {
            return refused(.denied, "The call was refused: \(reason)")
        }
        let plugin: String? = if case .plugin(_, _, let file) = tool.source { file } else { nil }
        guard await host.slots.enter(plugin) else {
            return refused(.cancelled, ToolStatus.cancelled.defaultSentence)
        }
        defer { host.slots.leave(plugin) }
        return await execute(tool, ready.arguments)
    }

    private func execute(_ tool: RegisteredTool, _ arguments: JSONObject) async -> ToolResult {
        var limits = host.configuration.limits
        if let timeout = tool.timeout { limits.timeout = timeout }
        let notesBefore = tool.backend.notes.count
        let cell = Cell()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let backendCall = tool.backend.start(arguments, limits: limits, budget: budget) { event in
                    switch event {
                    case .started: observe(.started(index, call))
                    case .output(let part): observe(.output(index, part))
                    case .progress(let fraction, let message): observe(.progress(index, fraction, message))
                    case .ended(let status, let parts, let duration):
                        let notes = Array(tool.backend.notes.dropFirst(notesBefore))
                        var answer = ToolResult(
                            call: call,
                            status: status,
                            parts: parts,
                            duration: duration,
                            notes: notes
                        )
                        answer.sandbox = tool.sandbox
                        continuation.resume(returning: answer)
                    }
                }
                cell.start(backendCall)
            }
        } onCancel: {
            cell.cancel()
        }
    }

    private func refused(_ status: ToolStatus, _ sentence: String) -> ToolResult {
        ToolResult(refusing: call, status, sentence)
    }
}

/// A call that may be cancelled before it has been started.
private enum Running {
    case notStarted
    case started(any BackendCall)
    case cancelled
}

private final class Cell: Sendable {
    private let state = Mutex(Running.notStarted)

    func start(_ call: any BackendCall) {
        let isCancelled = state.withLock { state in
            if case .cancelled = state { return true }
            state = .started(call)
            return false
        }
        if isCancelled { call.cancel() }
    }

    func cancel() {
        let call: (any BackendCall)? = state.withLock { state in
            defer { state = .cancelled }
            if case .started(let call) = state { return call }
            return nil
        }
        call?.cancel()
    }
}
