import Synchronization
import ToolAgent
import ToolHost
import ToolJSON

/// Shows a conversation as it happens: the answer on standard output, everything else on standard error.
final class ChatDisplay: Sendable {
    private enum Mode { case nothing, thinking, content }

    private let mode = Mutex(Mode.nothing)
    private static let lineLimit = 200

    /// Shows what happens next.
    ///
    /// Called one event at a time.
    func show(_ event: AgentEvent) {
        switch event {
        case .thinking(let text):
            enter(.thinking)
            Console.error.write(text, .dim)
        case .content(let text):
            enter(.content)
            Console.output.write(text)
        case .toolCalls(let calls):
            enter(.nothing)
            if calls.count > 1 { say("\(calls.count) calls at once", .dim) }
        case .dispatch(let event):
            show(event)
        case .turnFinished:
            break
        case .retrying(let sentence), .warning(let sentence):
            enter(.nothing)
            say("warning: " + sentence, .yellow)
        }
    }

    /// Ends the line of whatever was shown last.
    func finish() {
        enter(.nothing)
    }

    private func show(_ event: DispatchEvent) {
        switch event {
        case .started(_, let call):
            say("→ \(call.name)(\(arguments(call)))", .dim)
        case .output:
            break
        case .progress(_, let fraction, let message):
            guard Console.error.isTerminal else { return }
            say("  " + (fraction.map { "\(Int($0 * 100)) % " } ?? "") + message, .dim)
        case .finished(_, let answer):
            let mark = answer.status == .ok ? "✓" : "✗"
            let outcome = answer.status == .ok ? "" : "\(answer.status.rawValue): "
            say(
                "\(mark) \(answer.call.name)(\(arguments(answer.call))) \(answer.duration.brief): \(outcome)\(answer.text)",
                answer.status == .ok ? .green : .red
            )
            for coercion in answer.coercions { say("  coerced \(coercion.words)", .dim) }
            for note in answer.notes { say("  note: \(note)", .yellow) }
        }
    }

    private func arguments(_ call: ToolCall) -> String {
        let text = (call.arguments.object ?? [:]).map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        return text.unicodeScalars.count > 100 ? String(text.unicodeScalars.prefix(99)) + "…" : text
    }

    private func say(_ text: String, _ style: Console.Style) {
        enter(.nothing)
        Console.error.line(Console.error.styled(TerminalText.line(text, limit: Self.lineLimit), style))
    }

    private func enter(_ next: Mode) {
        let last = mode.withLock { mode in
            defer { mode = next }
            return mode
        }
        guard last != next else { return }
        switch last {
        case .nothing: break
        case .thinking: Console.error.endLine()
        case .content: Console.output.endLine()
        }
    }
}
