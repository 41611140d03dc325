import ToolJSON

/// The writer of the text of a reply, which always ends with the note that this is not a language model.
enum Composer {
    static let note = "(rehearsal: not a language model)"
    private static let maximumResult = 2000
    private static let maximumNames = 20

    /// Returns the text of a reply about the results of the calls.
    static func answer(_ answers: [AnsweredCall], result: JSON?, gaps: [String]) -> String {
        var sentences = answers.map(sentence)
        if let result { sentences.append("The result is \(result.text()).") }
        return join(sentences + gaps)
    }

    /// Returns the text of a reply without calls.
    static func noCalls(_ plan: Plan, tools: [OfferedTool]) -> String {
        if tools.isEmpty {
            return join(["No tools are offered, and this model only rehearses tool calls."])
        }
        if !plan.gaps.isEmpty { return join(plan.gaps) }
        var names = tools.prefix(maximumNames).map { clip($0.name, 64) }.joined(separator: ", ")
        if tools.count > maximumNames { names += " and \(tools.count - maximumNames) more" }
        return join(["No offered tool matches the words of the prompt. Offered: \(names)."])
    }

    /// Returns the reasons for the plan, which a client can show as thoughts.
    static func thinking(_ plan: Plan, answers: [AnsweredCall]) -> String {
        var sentences = plan.reasons.isEmpty ? ["No tool shares enough words with the prompt."] : plan.reasons
        if !answers.isEmpty { sentences.append("\(answers.count) of the calls have results.") }
        return sentences.joined(separator: " ")
    }

    private static func join(_ sentences: [String]) -> String {
        (sentences + [note]).joined(separator: " ")
    }

    private static func sentence(_ answer: AnsweredCall) -> String {
        let subject = subject(answer.call)
        let content = clip(trimmed(answer.content), maximumResult)
        if answer.isError { return "\(subject) failed: \(ended(content))" }
        if content.isEmpty { return "\(subject) returned an empty result." }
        return content.contains("\n") ? "\(subject):\n\(content)\n" : "\(subject): \(ended(content))"
    }

    /// Returns the name of a call with its arguments, such as "get_temperature for London" or "add(a: 2, b: 3)".
    private static func subject(_ call: ToolCall) -> String {
        if call.arguments.isEmpty { return call.name }
        if call.arguments.count == 1, let text = call.arguments.first?.value.string {
            return "\(call.name) for \(clip(text, 200))"
        }
        let arguments = call.arguments.map { "\($0.key): \(clip($0.value.string ?? $0.value.text(), 200))" }
        return "\(call.name)(\(arguments.joined(separator: ", ")))"
    }

    private static func ended(_ text: String) -> String {
        text.last.map { ".!?".contains($0) } == true ? text : text + "."
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        let end = start.reversed().prefix(while: \.isWhitespace).count
        return String(start.dropLast(end))
    }

    private static func clip(_ text: String, _ limit: Int) -> String {
        text.utf8.count <= limit ? text : text.prefix(limit) + "…"
    }
}
