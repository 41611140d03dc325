import Locks
import ToolJSON
import ToolRuntime
import ToolSchema

/// The dispatch of one call: look up, normalise, coerce, validate, authorize, run.
struct CallDispatch: Sendable {
    let batch: DispatchBatch
    let call: ToolCall
    let index: Int

    /// Checks the call, and runs it if it is authorized.
    ///
    /// Each call is authorized or skipped exactly once, because the question to the user waits for all checks.
    func result() async -> ToolResult {
        guard !batch.isCancelled else { return skipped(cancelled) }
        guard let tool = batch.listing.tool(named: call.name) else {
            batch.authorization.skip()
            // The search for near names takes long, so the calls after this one start first.
            await Task.yield()
            let refusal = batch.listing.refusal(of: call.name)
            return refused(
                refusal?.status ?? .unknownTool,
                refusal?.sentence ?? batch.listing.sentence(forUnknown: call.name)
            )
        }
        let check = CallCheck(
            call: call,
            tool: tool,
            limits: JSONLimits(
                bytes: batch.limits.argumentBytes,
                // All calls of a message together get the memory of one text.
                values: JSONLimits().values / batch.budget.calls
            ),
            bytes: WorkBudget.checkBytes / batch.budget.calls
        )
        switch await check.outcome(on: batch.checkThreads) {
        case .valid(let checked)?:
            var result = await run(checked)
            result.notes += checked.notes
            result.coercions = checked.coercions
            return result
        case .invalid(let result)?: return skipped(result)
        case nil: return skipped(cancelled)
        }
    }

    private func run(_ checked: CheckedCall) async -> ToolResult {
        let tool = checked.tool
        let request = AuthorizationRequest(
            callID: call.id,
            toolName: tool.name,
            toolDescription: tool.description,
            annotations: tool.annotations,
            arguments: .object(checked.arguments.object),
            origin: call.origin,
            plugin: tool.grants?.facts
        )
        // Cancelling the prompt is not a refusal: the call is reported as cancelled, not denied.
        guard let decision = await batch.authorization.authorize(index, request, tool.grants), !Task.isCancelled else {
            return cancelled
        }
        if case .deny(let reason) = decision { return refused(.denied, "The call was refused: \(reason)") }
        guard await batch.slots.enter(tool.provider.file) else { return cancelled }
        defer { batch.slots.leave(tool.provider.file) }
        return await execute(checked)
    }

    private func execute(_ checked: CheckedCall) async -> ToolResult {
        let tool = checked.tool
        var limits = batch.limits
        if let timeout = tool.timeout { limits.timeout = timeout }
        var request = CallRequest(
            arguments: checked.arguments,
            timeout: limits.timeout,
            grace: limits.grace,
            resultBytes: limits.resultBytes
        )
        request.isRepeatable = tool.annotations.readOnly || tool.annotations.idempotent
        request.budget = batch.budget
        let incidentsBefore = tool.source.incidents.count
        let running = CancellableCall()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let started = tool.source.start(tool: tool.sourceIndex, request) { [limits] event in
                    switch event {
                    case .started: report(.started(call))
                    case .output(let part): report(.output(part))
                    case .progress(let fraction, let message):
                        report(.progress(fraction: fraction, message: message))
                    case .ended(let end):
                        var result = ToolResult(call: call, end, limits: limits)
                        result.notes = Array(tool.source.incidents.dropFirst(incidentsBefore))
                        result.sandbox = tool.sandbox
                        continuation.resume(returning: result)
                    case .returned, .released: break
                    }
                }
                running.start(started)
            }
        } onCancel: {
            running.cancel()
        }
    }

    private func report(_ kind: DispatchEvent.Kind) { batch.progress.report(index, kind) }

    /// Returns the result of a call that is not authorized, because it will not run.
    private func skipped(_ result: ToolResult) -> ToolResult {
        batch.authorization.skip()
        return result
    }

    private func refused(_ status: ToolStatus, _ sentence: String) -> ToolResult {
        ToolResult(refusing: call, status, sentence)
    }

    private var cancelled: ToolResult { refused(.cancelled, ToolStatus.cancelled.defaultSentence) }
}

/// A call that can be cancelled before it has started.
private final class CancellableCall: Sendable {
    private enum State {
        case notStarted
        case started(any ToolSourceCall)
        case cancelled
    }

    private let state = Lock(State.notStarted)

    func start(_ call: any ToolSourceCall) {
        let isCancelled = state.withLock { state in
            if case .cancelled = state { return true }
            state = .started(call)
            return false
        }
        if isCancelled { call.cancel() }
    }

    func cancel() {
        let call: (any ToolSourceCall)? = state.withLock { state in
            defer { state = .cancelled }
            if case .started(let call) = state { return call }
            return nil
        }
        call?.cancel()
    }
}
