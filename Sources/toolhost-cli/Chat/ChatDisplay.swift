import Locks
import Terminal
import ToolAgent
import ToolHost
import ToolJSON

/// The display of a conversation: the answer on standard output, everything else on standard error.
///
/// On a terminal each row of the model's text begins with two spaces, and each other line with a mark of the program, so
/// that neither a model nor a plugin can write a row that looks like a question.
///
/// In a chat with a memory, thinking can be folded, and results are shortened. On a terminal that can move its cursor, the
/// progress of the response is drawn below the output.
final class ChatDisplay: Sendable {
    private enum Mode { case nothing, thinking, content }

    private struct State {
        var mode = Mode.nothing
        /// The renderer of the answer, if it is rendered.
        var markdown: MarkdownRenderer?
        /// The thinking that arrives, if it is shown on a terminal.
        var thinking: ThinkingText?
    }

    private let state: Lock<State>
    private let start = ContinuousClock.now
    private let memory: ChatMemory?
    private let hidesThinking: Bool
    private let activity: ChatActivity?
    private static let lineLimit = 200

    /// Creates a display.
    ///
    /// - Parameters:
    ///   - form: The form of the answer, or nil for the usual one.
    ///   - memory: The memory of the chat, or nil for a single prompt.
    ///   - hidesThinking: True to fold thinking without a memory.
    ///   - model: The name of the model, or nil if there is none.
    ///   - isLoading: True if the model may have to be loaded.
    ///   - owner: Returns the plugin of a tool.
    init(
        form: AnswerForm? = nil,
        memory: ChatMemory? = nil,
        hidesThinking: Bool = false,
        model: String? = nil,
        isLoading: Bool = false,
        owner: @escaping @Sendable (String) -> String = { _ in "" }
    ) {
        state = Lock(State(markdown: Self.renderer(form)))
        (self.memory, self.hidesThinking) = (memory, hidesThinking)
        activity = ChatActivity(model: model, isLoading: isLoading, owner: owner)
        activity?.wait()
    }

    private static func renderer(_ form: AnswerForm?) -> MarkdownRenderer? {
        let output = Console.output
        guard form == .text || form == nil && output.isTerminal else { return nil }
        return MarkdownRenderer(
            columns: output.isTerminal ? output.size.columns : nil,
            keepsMarkers: form == nil && !output.hasStyles
        )
    }

    deinit { activity?.end() }

    /// Shows the next event.
    ///
    /// The function does not block while a question is open; the event is then shown after the answer.
    func show(_ event: AgentEvent) {
        switch event {
        case .thinking(let text):
            if isFolded { activity?.recordThinking() } else { activity?.recordText() }
            enter(.thinking)
            let rows = state.withLock { state in
                // The terminal may have another size by now.
                state.thinking?.columns = Console.error.size.columns
                return state.thinking?.append(text)
            }
            if let rows { Console.error.rows(rows) } else if !isFolded { Console.error.quote(text, .dim) }
        case .content(let text):
            activity?.recordText()
            enter(.content)
            let rows = state.withLock { state in
                if Console.output.isTerminal { state.markdown?.columns = Console.output.size.columns }
                return state.markdown?.append(text)
            }
            if let rows { Console.output.rows(rows) } else { Console.output.quote(text) }
        case .toolCalls(let calls):
            activity?.recordCalls(calls.count)
            enter(.nothing)
            if calls.first?.origin == .printed { say("this text is read as a call", .dim) }
            if calls.count > 1 { say("\(calls.count) calls at once", .dim) }
        case .call(let event):
            activity?.record(event)
            show(event)
        case .turnFinished:
            break
        case .retrying(let sentence), .warning(let sentence):
            enter(.nothing)
            say("warning: " + sentence, .yellow, limit: TerminalLine.limit)
        }
    }

    /// True if thinking is one line, or nothing where no terminal is.
    private var isFolded: Bool { memory?.isFolded ?? hidesThinking }

    /// Ends the line of the last output, and removes the progress.
    func finish() {
        activity?.end()
        enter(.nothing)
    }

    private func show(_ event: DispatchEvent) {
        switch event.kind {
        case .started(let call):
            say("→ \(call.name)(\(arguments(call)))", .dim)
        case .output:
            break
        case .progress(let fraction, let message):
            // A terminal that cannot move its cursor has lines in place of the progress area.
            guard Console.error.isTerminal, activity == nil else { return }
            let percent = fraction.map { "\(Int($0 * 100)) % " } ?? ""
            say("  " + percent + message, .dim, as: .progress(event.callIndex))
        case .finished(let result):
            show(result)
        }
    }

    private func show(_ result: ToolResult) {
        let isSuccess = result.status == .ok
        // Most reasons are sentences of the host, with the cause or the remedy at the end.
        let limit = isSuccess ? Self.lineLimit : TerminalLine.limit
        let call = "\(result.call.name)(\(arguments(result.call))) \(result.duration.brief)"
        if isSuccess, let memory, Console.error.isTerminal {
            say("✓ \(call)", .green, limit: limit)
            Console.error.rows(memory.add(result, columns: Console.error.size.columns), as: .event)
        } else if isSuccess {
            say("✓ \(call): \(result.beginning(of: limit))", .green, limit: limit)
        } else {
            say("✗ \(call): \(result.status.rawValue): \(result.beginning(of: limit))", .red, limit: limit)
        }
        if let remedy = result.remedy { say("  " + remedy.sentence, .yellow, limit: TerminalLine.limit) }
        for line in result.coercions.lines {
            Console.error.line(Console.error.styled("  " + line, .dim), as: .event)
        }
        for note in result.notes { say("  note: \(note)", .yellow, limit: Console.noteLimit) }
    }

    private func arguments(_ call: ToolCall) -> String {
        // Only as many as can be shown: arguments may be megabytes.
        let members = (call.arguments.object ?? [:]).prefix(Self.lineLimit)
        let text = members.map { "\($0.key): \($0.value.text(upTo: 400).text)" }.joined(separator: ", ")
        return text.unicodeScalars.count > 100 ? String(text.unicodeScalars.prefix(99)) + "…" : text
    }

    private func say(
        _ untrusted: String,
        _ style: TextStyle,
        as kind: HeldOutput.Kind = .event,
        limit: Int = ChatDisplay.lineLimit
    ) {
        enter(.nothing)
        Console.error.line(Console.error.styled("\(untrusted, limit: limit)", style), as: kind)
    }

    private func enter(_ next: Mode) {
        let (last, rest, thinking) = state.withLock { state -> (Mode, [StyledText], ThinkingText?) in
            let last = state.mode
            if last == next { return (last, [], nil) }
            state.mode = next
            let now = ContinuousClock.now - start
            var ended: ThinkingText?
            var rest: [StyledText] = []
            switch last {
            case .nothing: break
            case .thinking:
                rest = state.thinking?.finish(at: now) ?? []
                ended = state.thinking.take()
            case .content: rest = state.markdown?.finish() ?? []
            }
            if next == .thinking, Console.error.isTerminal {
                state.thinking = ThinkingText(columns: Console.error.size.columns, isFolded: isFolded, start: now)
            }
            return (last, rest, ended)
        }
        guard last != next else { return }
        switch last {
        case .nothing: break
        case .thinking:
            if let thinking { memory?.keep(thinking) }
            Console.error.rows(rest)
            Console.error.endLine()
        case .content:
            Console.output.rows(rest)
            Console.output.endLine()
        }
    }
}
