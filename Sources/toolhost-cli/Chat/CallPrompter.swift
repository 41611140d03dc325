import Locks
import ToolHost

/// Asks the user about calls before they run.
enum CallPrompter {
    /// Asks about all calls of a batch in one question.
    ///
    /// *Yes* runs these calls. *Always* runs the tools without a question from now on, and trusts their plugins if they lack
    /// permissions. It is not offered if the model has read text from outside: that text may be the reason for the calls.
    static let asker: Authorization.Asker = { prompts in
        let rules = remembered.withLock(\.self)
        let open = prompts.indices.filter { !isAllowed(prompts[$0], by: rules) }
        var replies = prompts.map { _ in AuthorizationReply.allowOnce }
        guard !open.isEmpty else { return replies }
        let reply = await reply(
            to: open.map { prompts[$0] },
            offersAlways: open.allSatisfy { prompts[$0].allowsAlways }
        )
        for position in open { replies[position] = reply }
        if reply == .allowAlways { remember(open.map { prompts[$0] }) }
        return replies
    }

    /// Asks about each call in a separate question.
    static let singleAsker: Authorization.Asker = { prompts in
        var replies: [AuthorizationReply] = []
        for prompt in prompts { replies.append(await reply(to: [prompt], offersAlways: false)) }
        return replies
    }

    private static func reply(to prompts: [AuthorizationPrompt], offersAlways: Bool) async -> AuthorizationReply {
        @Sendable func layout() -> QuestionLayout {
            QuestionLayout(prompts, rules: offersAlways ? rules(for: prompts) : [], size: Console.error.size)
        }
        let answer = await Prompter.answer(
            offersAlways ? [.yes, .no, .always] : [.yes, .no],
            details: { layout().details },
            summary: { layout().summary },
            explain: { layout().explain() }
        )
        return switch answer {
        case .yes: .allowOnce
        case .always: .allowAlways
        case .explain, .no: .deny
        }
    }

    // MARK: - Always

    /// The rules for tools that run without a question in this run.
    private static let remembered = Lock<Set<PolicyFile.Rule>>([])

    private static func rule(for prompt: AuthorizationPrompt) -> PolicyFile.Rule {
        PolicyFile.Rule(tool: prompt.request.toolName, plugin: prompt.request.plugin?.file, decision: .allow)
    }

    /// Returns the rules that *always* adds, one for each tool.
    private static func rules(for prompts: [AuthorizationPrompt]) -> [PolicyFile.Rule] {
        Set(prompts.map(rule)).sorted { ($0.tool, $0.plugin ?? "") < ($1.tool, $1.plugin ?? "") }
    }

    /// Returns true if an earlier *always* covers the call.
    ///
    /// A policy rule that asks must be less narrow than that.
    private static func isAllowed(_ prompt: AuthorizationPrompt, by rules: Set<PolicyFile.Rule>) -> Bool {
        // No rule allows a printed call.
        guard prompt.request.origin != .printed else { return false }
        let rule = rule(for: prompt)
        return prompt.allowsAlways && prompt.missing.isEmpty && rules.contains(rule)
            && prompt.askingRules.allSatisfy(rule.isNarrower)
    }

    /// Lets tools run without a question in this and later runs: these tools, and no others of the same names.
    private static func remember(_ prompts: [AuthorizationPrompt]) {
        let rules = rules(for: prompts)
        remembered.withLock { $0.formUnion(rules) }
        var stronger: [PolicyFile.Rule] = []
        for prompt in prompts {
            let rule = rule(for: prompt)
            stronger += prompt.askingRules.filter { !rule.isNarrower(than: $0) && !stronger.contains($0) }
        }
        for rule in stronger.prefix(8) {
            Console.error.note("The policy rule for \(rule.words) asks about such calls all the same.")
        }
        guard let path = UserPaths.policy else { return }
        do throws(ToolHostError) {
            var file = try PolicyFile(path: path)
            for rule in rules { try file.add(rule) }
            for rule in rules.prefix(8) {
                Console.error.line("Added to \(path, limit: 300): allow \(rule.words, limit: 500)", as: .event)
            }
        } catch {
            Console.error.note(error.message)
        }
    }
}

extension PolicyFile.Rule {
    /// The calls that the rule matches, in words: `touch with /path = /etc/*`.
    var words: String {
        let conditions = arguments.map { "\($0.pointer) = \($0.pattern)" }.joined(separator: ", ")
        return tool + (plugin.map { " of \($0)" } ?? "") + (conditions.isEmpty ? "" : " with \(conditions)")
    }
}
