import ToolJSON
import ToolRuntime
import ToolSchema

extension ToolHost {
    /// Runs one call, and measures its stages.
    ///
    /// ```swift
    /// let (result, timing) = await host.timedCall(of: "add", arguments: #"{"a": 1, "b": 2}"#)
    /// print(result.text, timing.total, timing.transport)
    /// ```
    ///
    /// The call runs like any other. The check and the decision of the policy, which are a part of it, are measured
    /// once more before it, on the calling thread. A call that starts a process or asks the user takes longer than the
    /// following ones, and the difference counts as ``CallTiming/transport``.
    ///
    /// - Parameters:
    ///   - name: The name of the tool.
    ///   - text: The JSON text of the arguments.
    ///   - origin: The origin of the call.
    /// - Returns: The result, and the time of the stages. The timing of a call that did not run is of no use.
    public nonisolated(nonsending) func timedCall(
        of name: String,
        arguments text: String,
        origin: CallOrigin = .model
    ) async -> (result: ToolResult, timing: CallTiming) {
        let start = MonotonicInstant.now
        let arguments = (try? JSON(parsing: text)) ?? .string(text)
        let parsed = MonotonicInstant.now
        let call = ToolCall(name: name, arguments: arguments, origin: origin)
        let (check, authorize) = tool(named: name).map { stages(of: call, tool: $0) } ?? (.zero, .zero)
        let begin = MonotonicInstant.now
        let results = await dispatch([call]).results
        let end = MonotonicInstant.now
        let result = results.first ?? ToolResult(refusing: call, .notRun, "Not run.")
        let timing = CallTiming(
            total: parsed.since(start) + end.since(begin),
            parse: parsed.since(start),
            check: check,
            authorize: authorize,
            call: result.duration
        )
        return (result, timing)
    }

    /// Measures the check of a call and the decision of the policy about it, as the dispatch makes them.
    private func stages(of call: ToolCall, tool: RegisteredTool) -> (check: Duration, authorize: Duration) {
        let start = MonotonicInstant.now
        guard let arguments = try? CallArguments(call.arguments, limits: JSONLimits()) else { return (.zero, .zero) }
        let budget = WorkBudget(steps: WorkBudget.checkSteps, bytes: WorkBudget.checkBytes)
        let fitting = tool.parameterSchema.fitting(
            arguments: arguments.object,
            ofToolNamed: tool.name,
            within: budget
        )
        let serialised = SerialisedArguments(fitting.value.object ?? [:])
        let checked = MonotonicInstant.now
        let request = AuthorizationRequest(
            callID: call.id,
            toolName: tool.name,
            toolDescription: tool.description,
            annotations: tool.annotations,
            arguments: .object(serialised.object),
            origin: call.origin,
            plugin: tool.grants?.facts
        )
        let authorization = configuration.authorization
        _ = authorization.policy.outcome(for: request, canAsk: authorization.asker != nil)
        return (checked.since(start), MonotonicInstant.now.since(checked))
    }
}
