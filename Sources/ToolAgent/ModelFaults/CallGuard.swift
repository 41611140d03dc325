import OllamaClient
import ToolHost

/// The calls of one response that are not run, because the model goes in circles.
///
/// The result of such a call gives the model the reason. If the model repeats itself even then, the response ends.
struct CallGuard: Sendable {
    private var loop = CallLoopWatch()
    private var budget = InvalidCallBudget()
    private var hasWarned = false
    /// The name of the first call of the message that is not run because it is a repetition.
    private var repeatedTool: String?
    /// The notes for the model, by the name of the tool.
    private var notes: [String: String] = [:]

    /// True if the response must end.
    var mustEnd: Bool { loop.isEndless }

    /// Returns the results of the calls of a message that must not be run, and nil for each other call.
    mutating func refusals(of calls: [ToolCall]) -> [ToolResult?] {
        let repetitions = loop.repetitions(in: calls)
        repeatedTool = repetitions.min().map { calls[$0].name }
        return calls.enumerated().map { index, call in
            let isRepeated = repetitions.contains(index)
            guard isRepeated || budget.isExhausted(call.name) else { return nil }
            let sentence = isRepeated ? Self.repeated : Self.exhausted
            return ToolResult(call: call, status: .notRun, parts: [.text(sentence)])
        }
    }

    /// Records the results of the calls of a message.
    ///
    /// - Parameter refusals: The results that ``refusals(of:)`` returned for the same calls.
    /// - Returns: Warnings for the user.
    mutating func record(_ results: [ToolResult], refusals: [ToolResult?]) -> [String] {
        let ran = zip(results, refusals).filter { $1 == nil }.map(\.0)
        loop.record(ran)
        notes = [:]
        var warnings: [String] = []
        for name in budget.record(ran) {
            notes[name] = Self.lastFailure
            warnings.append(
                "The model called \(name.brief) with invalid arguments \(InvalidCallBudget.maximumFailures) times in a "
                    + "row. Further calls of it in this response are not run."
            )
        }
        if let repeatedTool, !hasWarned {
            hasWarned = true
            warnings.append(
                "The model makes the same calls again, such as \(repeatedTool.brief), although it has their results. "
                    + "They are not run."
            )
        }
        return warnings
    }

    /// Adds notes to the results that the model receives.
    func annotate(_ messages: inout [ChatMessage], of results: [ToolResult]) {
        guard !notes.isEmpty else { return }
        for (index, result) in results.enumerated() where result.status == .invalidArguments {
            if let note = notes[result.call.name] { messages[index].content += "\n" + note }
        }
    }

    private static let repeated =
        "Not run: you have already made this call with the same arguments, and its result was the same each time. Use "
        + "that result: answer in words, or make a call with other arguments."

    private static let exhausted =
        "Not run: the last calls of this tool had invalid arguments, so it cannot be called again now. Answer in "
        + "words, or use another tool."

    private static let lastFailure =
        "Do not call this tool again: its arguments were invalid \(InvalidCallBudget.maximumFailures) times in a row. "
        + "Answer in words, or use another tool."
}

extension String {
    /// The beginning of a name that the model chose.
    fileprivate var brief: String { String(unicodeScalars.prefix(80)) }
}
