import Locks
import OllamaClient
import ToolHost
import ToolJSON

extension Agent {
    /// Replaces the content of a message by the calls that it is, if the model printed them instead of making them.
    ///
    /// The content has been shown by then. If it may be a call that must not run, the user gets a warning.
    func readPrintedCalls(in turn: inout TurnAssembly, _ events: EventBuffer) async {
        guard turn.keptCalls.isEmpty, turn.images.isEmpty, !turn.isTruncated, !Task.isCancelled, !offered.isEmpty else {
            return
        }
        let names = ownTools.names.union(offeredNames)
        let judge = PrintedCallJudge(isOffered: names.contains, isValid: isValid)
        // The user may have pasted a text, or attached a document.
        let sources = messages.lazy.filter { $0.role == .tool || $0.role == .user }.map(\.content)
        switch judge.decision(about: turn.content, sources: sources) {
        case .text: break
        case .refuse(let reason): await events.send(.warning(message: reason))
        case .run(let calls):
            turn.replaceContent(
                withPrinted: calls.map { OllamaToolCall(name: $0.name, arguments: .object($0.arguments)) }
            )
        }
    }

    /// Returns true if a printed call fits the schema of its tool, and the schema declares all of its arguments.
    private func isValid(_ call: PrintedCall) -> Bool {
        // The tools of a replay have no schema, but the recording has results for the calls that ran.
        if let standIns = configuration.standIns { return standIns.hasResults() }
        return (ownTools.registered + tools).first { $0.name == call.name }?.declares(call.arguments) == true
    }
}
