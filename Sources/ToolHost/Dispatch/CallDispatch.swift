import ToolJSON
import ToolRuntime
import ToolSchema

/// The dispatch of one call: look up, normalise, coerce, validate, authorize, run.
///
/// Each step runs on the caller's thread, and starts the next one. A step that has to wait is returned as a
/// ``Wait``, and the call goes on in a task; see ``finishLater(_:)``.
final class CallDispatch: Sendable {
    let batch: DispatchBatch
    let call: ToolCall
    let index: Int

    init(batch: DispatchBatch, call: ToolCall, index: Int) {
        self.batch = batch
        self.call = call
        self.index = index
    }

    /// The reasons why a call cannot go on at once.
    enum Wait {
        /// The tool is unknown, and the search for similar names takes long.
        case names
        /// The check takes long.
        case check(CallCheck)
        /// The user or the application decides about the call.
        case decision(CheckedCall, BatchAuthorization.Question)
        /// No slot is free.
        case slot(CheckedCall)
    }

    // MARK: - Steps

    /// Starts the call, and runs it if it is authorized.
    ///
    /// Each call is authorized or skipped exactly once, because the question to the user waits for all checks.
    func start() -> Wait? {
        guard !batch.progress.isCancelled else { return skip(cancelled) }
        guard let tool = batch.listing.tool(named: call.name) else {
            batch.authorization.skip()
            return .names
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
        guard let outcome = check.outcomeAtOnce() else { return .check(check) }
        return proceed(outcome)
    }

    /// Goes on after the check.
    func proceed(_ outcome: CallCheck.Outcome) -> Wait? {
        switch outcome {
        case .valid(let checked): authorize(checked)
        case .invalid(let result): skip(result)
        }
    }

    private func authorize(_ checked: CheckedCall) -> Wait? {
        let tool = checked.tool
        let outcome = batch.authorization.outcome(for: tool.grants, origin: call.origin) {
            AuthorizationRequest(
                callID: call.id,
                toolName: tool.name,
                toolDescription: tool.description,
                annotations: tool.annotations,
                arguments: .object(checked.arguments.object),
                origin: call.origin,
                context: batch.context,
                plugin: tool.grants?.facts
            )
        }
        switch outcome {
        case .decided(let decision): return proceed(checked, decision)
        case .undecided(let question): return .decision(checked, question)
        }
    }

    /// Goes on after the authorization.
    func proceed(_ checked: CheckedCall, _ decision: AuthorizationDecision) -> Wait? {
        if case .deny(let reason) = decision {
            return finish(refused(.denied, "The call was refused: \(reason)"), of: checked)
        }
        guard batch.slots.enterAtOnce(checked.tool.slotKey) else { return .slot(checked) }
        run(checked)
        return nil
    }

    /// Runs the call, which has a slot.
    func run(_ checked: CheckedCall) {
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
        let source = tool.source
        let incidentsBefore = source.incidents.count
        let readsOutside = tool.readsOutside
        let running = source.start(tool: tool.sourceIndex, request) { [self, limits] event in
            switch event {
            case .started: report(.started(call))
            case .output(let part): report(.output(part))
            case .progress(let fraction, let message): report(.progress(fraction: fraction, message: message))
            case .ended(let end):
                var result = ToolResult(call: call, end, limits: limits)
                let incidents = tool.source.incidents
                if incidents.count > incidentsBefore { result.notes = Array(incidents.dropFirst(incidentsBefore)) }
                result.sandbox = tool.sandbox
                result.isFromOutside = readsOutside
                // The slot is free when the caller has the result, but the result comes before another call.
                let admitted = batch.slots.release(tool.slotKey)
                _ = finish(result, of: checked)
                admitted?.resume()
            case .returned, .released: break
            }
        }
        batch.progress.isRunning(index, running, in: source)
    }

    // MARK: - Results

    private func report(_ kind: DispatchEvent.Kind) { batch.progress.report(index, kind) }

    /// Reports the result of the call.
    func finish(_ result: consuming ToolResult) -> Wait? {
        batch.progress.finish(index, result)
        return nil
    }

    /// Reports the result of a call with what the check of its arguments found.
    func finish(_ result: consuming ToolResult, of checked: CheckedCall) -> Wait? {
        result.notes += checked.notes
        result.coercions = checked.coercions
        return finish(result)
    }

    /// Reports the result of a call that is not authorized, because it will not run.
    func skip(_ result: ToolResult) -> Wait? {
        batch.authorization.skip()
        return finish(result)
    }

    func refused(_ status: ToolStatus, _ sentence: String) -> ToolResult {
        ToolResult(refusing: call, status, sentence)
    }

    var cancelled: ToolResult { refused(.cancelled, ToolStatus.cancelled.defaultSentence) }
}

extension RegisteredTool {
    /// The identity of the plugin whose slots a call takes, or nil for a tool of the program.
    var slotKey: CallSlots.Plugin? { provider.file == nil ? nil : ObjectIdentifier(source) }
}
