import Synchronization
import ToolHost

/// Asks about calls of tools before they run.
enum CallPrompter {
    /// Asks about all calls of a batch in one question.
    ///
    /// *Yes* runs these calls. *Always* runs the tools unasked from now on, and trusts their plugins if they lack grants.
    static let asker: GateAsker = { questions in
        let rules = remembered.withLock(\.self)
        let open = questions.indices.filter { !isAllowed(questions[$0], by: rules) }
        var replies = questions.map { _ in GateReply.once }
        guard !open.isEmpty else { return replies }
        let reply = await reply(to: open.map { questions[$0] }, offersAlways: true)
        for place in open { replies[place] = reply }
        if reply == .always { remember(open.map { questions[$0] }) }
        return replies
    }

    /// Asks about each call in a question of its own.
    static let singleAsker: GateAsker = { questions in
        var replies: [GateReply] = []
        for question in questions { replies.append(await reply(to: [question], offersAlways: false)) }
        return replies
    }

    private static func reply(to questions: [GateQuestion], offersAlways: Bool) async -> GateReply {
        @Sendable func layout() -> QuestionLayout {
            QuestionLayout(questions, offersAlways: offersAlways, size: Console.error.size)
        }
        let answer = await Prompter.answer(
            offersAlways ? "[y]es, this once / [a]lways / [s]how / [n]o: " : "[y]es / [s]how / [n]o: ",
            offersAlways ? [.yes, .always, .no] : [.yes, .no],
            details: { layout().details },
            summary: { layout().summary },
            showAll: { layout().showAll($0) }
        )
        return switch answer {
        case .yes: .once
        case .always: .always
        case .show, .no: .no
        }
    }

    // MARK: - Always

    /// The rules for tools that run unasked in this run.
    private static let remembered = Mutex<Set<PolicyFile.Rule>>([])

    private static func rule(for question: GateQuestion) -> PolicyFile.Rule {
        PolicyFile.Rule(tool: question.tool.name, plugin: question.tool.pluginFile, decision: .allow)
    }

    /// True if an earlier *always* covers the call.
    ///
    /// A rule of the user's that asks has to be less narrow than that.
    private static func isAllowed(_ question: GateQuestion, by rules: Set<PolicyFile.Rule>) -> Bool {
        let rule = rule(for: question)
        return question.lacking.isEmpty && rules.contains(rule) && question.askingRules.allSatisfy(rule.isNarrower)
    }

    /// Lets tools run unasked from now on, and in later runs as well: these, and no others of their names.
    private static func remember(_ questions: [GateQuestion]) {
        let rules = Set(questions.map(rule))
        remembered.withLock { $0.formUnion(rules) }
        var stronger: [PolicyFile.Rule] = []
        for question in questions {
            let rule = rule(for: question)
            stronger += question.askingRules.filter { !rule.isNarrower(than: $0) && !stronger.contains($0) }
        }
        for rule in stronger.prefix(8) {
            Console.error.note("The policy rule for \(rule.words) asks for such calls all the same.")
        }
        guard let path = AccessOptions.policyPath else { return }
        do throws(ToolHostError) {
            var file = try PolicyFile(path: path)
            for rule in rules.sorted(by: { $0.tool < $1.tool }) { try file.add(rule) }
        } catch {
            Console.error.note(error.message)
        }
    }
}

extension PolicyFile.Rule {
    /// The calls that the rule is for, in words: `touch with /path = /etc/*`.
    fileprivate var words: String {
        let conditions = arguments.map { "\($0.pointer) = \($0.pattern)" }.joined(separator: ", ")
        return tool + (plugin.map { " of \($0)" } ?? "") + (conditions.isEmpty ? "" : " with \(conditions)")
    }
}
