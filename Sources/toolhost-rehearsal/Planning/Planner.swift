import ToolJSON

/// A planner that chooses tools by the words of a prompt.
struct Planner {
    private let tools: [OfferedTool]
    private let chooser: ToolChooser

    init(_ tools: [OfferedTool]) {
        self.tools = tools
        chooser = ToolChooser(tools)
    }

    func plan(_ text: String) -> Plan {
        let prompt = Prompt(text)
        let arithmetic = ArithmeticExpression.first(in: prompt)
        if let (expression, range) = arithmetic,
            let plan = ArithmeticTools(tools).plan(expression, as: prompt.text(range))
        {
            return plan
        }
        let choices = chooser.choose(for: prompt)
        var plan = Plan()
        for (index, choice) in choices.enumerated() {
            let tool = tools[choice.tool]
            let words = Set(choice.words.map(\.position)).sorted().map { prompt.tokens[$0].text }.joined(
                separator: ", "
            )
            plan.reasons.append("\(tool.name) shares \"\(words)\" with the prompt and scores \(tenths(choice.score)).")
            let filling = fill(tool, choice, before: choices.dropFirst(index + 1).first, prompt, &plan)
            if !filling.missing.isEmpty {
                let names = filling.missing.joined(separator: ", ")
                plan.gaps.append("\(tool.name) needs \(names), which the prompt does not name.")
            }
            for arguments in filling.calls { plan.add(Plan.Step(tool: tool.name, arguments: arguments)) }
        }
        if choices.isEmpty, let (_, range) = arithmetic {
            let text = prompt.text(range).prefix(200)
            plan.gaps.append("The prompt contains the arithmetic \(text), for which a tool is missing.")
        }
        return plan
    }

    /// Fills a tool from the part of the prompt about it, or else from a larger part.
    private func fill(
        _ tool: OfferedTool,
        _ choice: ToolChooser.Choice,
        before next: ToolChooser.Choice?,
        _ prompt: Prompt,
        _ plan: inout Plan
    ) -> ArgumentFiller.Filling {
        let end = prompt.tokens.count
        guard let next else {
            if plan.steps.isEmpty { return filler(prompt, 0..<end, nil).fill(tool) }
            let own = filler(prompt, choice.firstPosition..<end, plan.steps.indices.last).fill(tool)
            return own.missing.isEmpty && !isVague(prompt, choice.firstPosition..<end, tool)
                ? own : filler(prompt, 0..<end, nil).fill(tool)
        }
        let start = plan.steps.isEmpty ? 0 : choice.firstPosition
        for range in [start..<next.firstPosition, start..<end] where !isVague(prompt, range, tool) {
            let filling = filler(prompt, range, plan.steps.indices.last).fill(tool)
            if filling.missing.isEmpty { return filling }
        }
        return filler(prompt, 0..<end, nil).fill(tool)
    }

    /// Returns true for a part without values.
    ///
    /// "temperature and conditions in Tokyo" has the city in its last part.
    private func isVague(_ prompt: Prompt, _ range: Range<Int>, _ tool: OfferedTool) -> Bool {
        guard tool.parameters.contains(where: \.isRequired) else { return false }
        let finder = finder(prompt, range)
        return finder.names.isEmpty && prompt.tokens[range].allSatisfy { $0.kind == .word || $0.kind == .symbol }
            && !tool.parameters.contains { !finder.choices($0.choices).isEmpty }
    }

    private func filler(_ prompt: Prompt, _ range: Range<Int>, _ previous: Int?) -> ArgumentFiller {
        ArgumentFiller(finder: finder(prompt, range), previous: previous)
    }

    private func finder(_ prompt: Prompt, _ range: Range<Int>) -> ValueFinder {
        ValueFinder(prompt: prompt, range: range, isToolWord: chooser.knows)
    }

    private func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
