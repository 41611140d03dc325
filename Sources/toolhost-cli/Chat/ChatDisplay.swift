import Locks
import ToolAgent
import ToolHost
import ToolJSON

/// The display of a conversation: the answer on standard output, everything else on standard error.
///
/// On a terminal each row of the model's text begins with two spaces, and each other line with a mark of the program, so
/// that neither a model nor a plugin can write a row that looks like a question.
final class ChatDisplay: Sendable {
    private enum Mode { case nothing, thinking, content }

    private let mode = Lock(Mode.nothing)
    private static let lineLimit = 200

    /// Shows the next event.
    ///
    /// The function does not block while a question is open; the event is then shown after the answer.
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
        case .call(let event):
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
        switch event.kind {
        case .started(let call):
            say("→ \(call.name)(\(arguments(call)))", .dim)
        case .output:
            break
        case .progress(let fraction, let message):
            guard Console.error.isTerminal else { return }
            let percent = fraction.map { "\(Int($0 * 100)) % " } ?? ""
            say("  " + percent + message, .dim, as: .progress(event.callIndex))
        case .finished(let result):
            let isSuccess = result.status == .ok
            let mark = isSuccess ? "✓" : "✗"
            let outcome = isSuccess ? "" : "\(result.status.rawValue): "
            // Most reasons are sentences of the host, with the cause or the remedy at the end.
            let limit = isSuccess ? Self.lineLimit : TerminalLine.limit
            let call = "\(result.call.name)(\(arguments(result.call))) \(result.duration.brief)"
            say("\(mark) \(call): \(outcome)\(result.beginning(of: limit))", isSuccess ? .green : .red, limit: limit)
            if let remedy = result.remedy { say("  " + remedy.sentence, .yellow, limit: TerminalLine.limit) }
            for line in result.coercions.lines {
                Console.error.line(Console.error.styled("  " + line, .dim), as: .event)
            }
            for note in result.notes { say("  note: \(note)", .yellow, limit: Console.noteLimit) }
        }
    }

    private func arguments(_ call: ToolCall) -> String {
        // Only as many as can be shown: arguments may be megabytes.
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
