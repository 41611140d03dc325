import Synchronization
import ToolAgent
import ToolHost
import ToolJSON

/// Shows a conversation as it happens: the answer on standard output, everything else on standard error.
///
/// On a terminal each row of the model's text begins with two spaces, and each other line with a mark of the program, so
/// that neither a model nor a plugin can write a row that looks like a question.
final class ChatDisplay: Sendable {
    private enum Mode { case nothing, thinking, content }

    private let mode = Mutex(Mode.nothing)
    private static let lineLimit = 200

    /// Shows the next event.
    ///
    /// Called one event at a time. While a question is open it does not wait, and the event is shown after the answer.
    func show(_ event: AgentEvent) {
        switch event {
        case .thinking(let text):
            enter(.thinking)
            Console.error.quote(text, .dim)
        case .content(let text):
            enter(.content)
            Console.output.quote(text)
        case .toolCalls(let calls):
            enter(.nothing)
            if calls.count > 1 { say("\(calls.count) calls at once", .dim) }
        case .dispatch(let event):
            show(event)
        case .turnFinished:
            break
        case .retrying(let sentence), .warning(let sentence):
            enter(.nothing)
            say("warning: " + sentence, .yellow, limit: TerminalLine.limit)
        }
    }

    /// Ends the line of the last output.
    func finish() {
        enter(.nothing)
    }

    private func show(_ event: DispatchEvent) {
        switch event {
        case .started(_, let call):
            say("→ \(call.name)(\(arguments(call)))", .dim)
        case .output:
            break
        case .progress(let place, let fraction, let message):
            guard Console.error.isTerminal else { return }
            say("  " + (fraction.map { "\(Int($0 * 100)) % " } ?? "") + message, .dim, as: .progress(place))
        case .finished(_, let answer):
            let mark = answer.status == .ok ? "✓" : "✗"
            let outcome = answer.status == .ok ? "" : "\(answer.status.rawValue): "
            // Most reasons are the host's own sentences, with the cause or the remedy at the end.
            let limit = answer.status == .ok ? Self.lineLimit : TerminalLine.limit
            say(
                "\(mark) \(answer.call.name)(\(arguments(answer.call))) \(answer.duration.brief): \(outcome)\(answer.beginning(of: limit))",
                answer.status == .ok ? .green : .red,
                limit: limit
            )
            for line in answer.coercions.lines {
                Console.error.line(Console.error.styled("  " + line, .dim), as: .event)
            }
            for note in answer.notes { say("  note: \(note)", .yellow, limit: Console.noteLimit) }
        }
    }

    private func arguments(_ call: ToolCall) -> String {
        // As much of them as can be shown: they may be megabytes.
        let members = (call.arguments.object ?? [:]).prefix(Self.lineLimit)
        let text = members.map { "\($0.key): \($0.value.text(upTo: 400).text)" }.joined(separator: ", ")
        return text.unicodeScalars.count > 100 ? String(text.unicodeScalars.prefix(99)) + "…" : text
    }

    private func say(
        _ untrusted: String,
        _ style: Console.Style,
        as kind: HeldOutput.Kind = .event,
        limit: Int = ChatDisplay.lineLimit
    ) {
        enter(.nothing)
        Console.error.line(Console.error.styled("\(untrusted, limit: limit)", style), as: kind)
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
