import Synchronization
import ToolJSON

/// One call's way to its answer: look up, normalise, gate, run.
struct Dispatch: Sendable {
    let host: ToolHost
    let call: ToolCall
    let index: Int
    let offered: Set<String>?
    let observe: @Sendable (DispatchEvent) -> Void

    private static let namesShown = 64

    func answer() async -> ToolAnswer {
        let limits = host.configuration.limits
        guard index < limits.calls else {
            return refused(.notRun, "Not run: at most \(limits.calls) calls are run from one message. Call again.")
        }
        guard offered?.contains(call.name) ?? true, let tool = host.tool(named: call.name) else {
            return refused(.unknownTool, unknownToolSentence)
        }
        switch CallArguments.normalised(call.arguments, limit: limits.argumentBytes) {
        case .failure(let fault):
            return refused(.invalidArguments, fault.sentence)
        case .success(let arguments):
            guard JSON.object(arguments).bytes().count <= limits.argumentBytes else {
                return refused(.invalidArguments, "The arguments are longer than \(limits.argumentBytes) bytes.")
            }
            return await answer(tool, arguments)
        }
    }

    private func answer(_ tool: RegisteredTool, _ arguments: JSONObject) async -> ToolAnswer {
        var asked = call
        asked.arguments = .object(arguments)
        if case .deny(let reason) = await host.configuration.gate(asked, tool) {
            return refused(.denied, "The call was refused: \(reason)")
        }
        let plugin: String? = if case .plugin(_, _, let file) = tool.source { file } else { nil }
        guard !Task.isCancelled, await host.slots.enter(plugin) else {
            return refused(.cancelled, ToolStatus.cancelled.defaultSentence)
        }
        defer { host.slots.leave(plugin) }
        return await run(tool, arguments)
    }

    private func run(_ tool: RegisteredTool, _ arguments: JSONObject) async -> ToolAnswer {
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
                        continuation.resume(
                            returning: ToolAnswer(
                                call: call,
                                status: status,
                                parts: parts,
                                duration: duration,
                                notes: notes
                            )
                        )
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
