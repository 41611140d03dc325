import Synchronization
import ToolJSON
import ToolSchema

/// One call's way to its answer: look up, normalise, coerce, validate, gate, run.
struct Dispatch: Sendable {
    let host: ToolHost
    let call: ToolCall
    let index: Int
    let offered: Set<String>?
    let observe: @Sendable (DispatchEvent) -> Void

    private static let namesShown = 64

    /// A call after all that can be said of it before it runs.
    enum Prepared: Sendable {
        case answered(ToolAnswer)
        case ready(Ready)
    }

    /// A call that may run, if the gate lets it.
    struct Ready: Sendable {
        let tool: RegisteredTool
        /// With the arguments that the tool will see.
        let call: ToolCall
        let arguments: JSONObject
        let coercions: [Coercion]
        let notes: [String]
    }

    /// Looks the tool up, and makes arguments that fit it of those that were sent.
    func prepare() -> Prepared {
        let limits = host.configuration.limits
        guard index < limits.calls else {
            return .answered(
                refused(.notRun, "Not run: at most \(limits.calls) calls are run from one message. Call again.")
            )
        }
        guard offered?.contains(call.name) ?? true, let tool = host.tool(named: call.name) else {
            return .answered(refused(.unknownTool, unknownToolSentence))
        }
        let arguments: CallArguments
        do {
            arguments = try CallArguments(call.arguments, limit: limits.argumentBytes)
        } catch {
            return .answered(refused(.invalidArguments, error.sentence))
        }
        guard JSON.object(arguments.object).bytes().count <= limits.argumentBytes else {
            return .answered(refused(.invalidArguments, "The arguments are longer than \(limits.argumentBytes) bytes."))
        }
        return fit(arguments, to: tool)
    }

    /// Holds the arguments against the tool's schema.
    private func fit(_ arguments: CallArguments, to tool: RegisteredTool) -> Prepared {
        let fitting = tool.parameterSchema.fitting(.object(arguments.object))
        guard fitting.violations.isEmpty, let fitted = fitting.value.object else {
            let lines = fitting.violations.map { "\n- " + $0.message }
            var answer = refused(.invalidArguments, "The arguments do not fit \(tool.name):" + lines.joined())
            answer.violations = fitting.violations
            answer.coercions = fitting.coercions
            answer.notes = arguments.warnings
            return .answered(answer)
        }
        var asked = call
        asked.arguments = .object(fitted)
        let undeclared = tool.parameterSchema.undeclaredNames(in: fitted)
        return .ready(
            Ready(
                tool: tool,
                call: asked,
                arguments: fitted,
                coercions: fitting.coercions,
                notes: (undeclared.isEmpty ? [] : [undeclaredNote(undeclared)]) + arguments.warnings
            )
        )
    }

    /// Runs what is ready.
    func answer(_ prepared: Prepared, _ gate: BatchGate) async -> ToolAnswer {
        switch prepared {
        case .answered(let answer):
            return answer
        case .ready(let ready):
            var answer = await run(ready, gate)
            answer.notes += ready.notes
            answer.coercions = ready.coercions
            return answer
        }
    }

    private func undeclaredNote(_ names: [String]) -> String {
        let shown = names.prefix(8).map { JSON.string(String($0.prefix(80))).text() }.joined(separator: ", ")
        let rest = names.count > 8 ? " and \(names.count - 8) more" : ""
        return "Passed on, though the schema does not declare it: \(shown)\(rest)."
    }

    private func run(_ ready: Ready, _ gate: BatchGate) async -> ToolAnswer {
        let tool = ready.tool
        // Who has not answered the gate's question has not refused the call.
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

    private func execute(_ tool: RegisteredTool, _ arguments: JSONObject) async -> ToolAnswer {
        var limits = host.configuration.limits
        if let timeout = tool.timeout { limits.timeout = timeout }
        let notesBefore = tool.backend.notes.count
        let cell = Cell()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let backendCall = tool.backend.start(arguments, limits: limits) { event in
                    switch event {
                    case .started: observe(.started(index, call))
                    case .output(let part): observe(.output(index, part))
                    case .progress(let fraction, let message): observe(.progress(index, fraction, message))
                    case .ended(let status, let parts, let duration):
                        let notes = Array(tool.backend.notes.dropFirst(notesBefore))
                        var answer = ToolAnswer(
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

    private func refused(_ status: ToolStatus, _ sentence: String) -> ToolAnswer {
        ToolAnswer(call: call, status: status, parts: [.text(sentence)])
    }

    private var unknownToolSentence: String {
        let names = host.tools.map(\.name).filter { offered?.contains($0) ?? true }
        let name = call.name.count > 80 ? call.name.prefix(80) + "…" : call.name[...]
        guard !names.isEmpty else { return "Tool \(name) not found. There are no tools." }
        let shown = names.prefix(Self.namesShown).joined(separator: ", ")
        let rest = names.count - Self.namesShown
        return "Tool \(name) not found. The tools are: \(shown)\(rest > 0 ? " and \(rest) more" : "")."
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
