package import ToolJSON

extension Schema {
    /// Brings the arguments of a call to the declared types, and takes them out of an envelope around them.
    ///
    /// Some models repeat the call inside its arguments: `{"name": "add", "arguments": {"a": 1}}`. An envelope is
    /// removed only if nothing else can be meant:
    /// - its members describe a call of this tool, and the schema declares none of them except as the tool's name;
    /// - what is in it satisfies the schema;
    /// - the envelope itself does not, or the schema speaks of all members inside and not of the one that holds them.
    ///
    /// An envelope with the tool's name is removed even if what is in it does not satisfy the schema: then that is what
    /// the violations are about.
    ///
    /// - Parameters:
    ///   - arguments: The arguments as they were sent.
    ///   - tool: The name of the tool.
    ///   - limit: The most violations that are reported.
    ///   - budget: The budget for all of it.
    package func fitting(
        arguments: JSONObject,
        ofToolNamed tool: String,
        limit: Int = 32,
        within budget: WorkBudget
    ) -> Fitting {
        var budget = budget
        var best = fitting(.object(arguments), limit: limit, spending: &budget)
        do throws(CheckFault) {
            var (members, outer) = (arguments, best)
            for _ in 0..<CallEnvelope.deepest {
                guard outer.isComplete, let envelope = CallEnvelope(members, tool: tool),
                    try isForeign(envelope, to: outer, spending: &budget),
                    let inner = try envelope.arguments(in: members, spending: &budget)
                else { break }
                let fitted = fitting(.object(inner), limit: limit, spending: &budget)
                guard fitted.isComplete else { throw .exhausted }
                let undeclared = fitted.undeclaredNames.count
                let isMeant = undeclared == 0 || undeclared < inner.count && !outer.violations.isEmpty
                if envelope.namesTool || fitted.violations.isEmpty && isMeant {
                    best = fitted
                    best.coercions.insert(
                        Coercion(path: "", rule: .argumentsUnwrapped, from: .object(arguments), to: .object(inner)),
                        at: 0
                    )
                }
                (members, outer) = (inner, fitted)
            }
            return best
        } catch {
            let value = JSON.object(arguments)
            return Fitting(value, [], [.unchecked(at: "", Evaluator.tooLarge)], isComplete: false)
        }
    }

    /// True if the schema does not speak of the members of an envelope, or refuses what one that it declares holds.
    private func isForeign(
        _ envelope: CallEnvelope,
        to outer: Fitting,
        spending budget: inout WorkBudget
    ) throws(CheckFault) -> Bool {
        for label in envelope.labels where !(try declarations(of: label, spending: &budget).isEmpty) { return false }
        let declarations = try declarations(of: envelope.payload, spending: &budget)
        if outer.violations.isEmpty {
            return declarations.isEmpty && outer.undeclaredNames.contains { $0.hasSameBytes(as: envelope.payload) }
        }
        if declarations.isEmpty { return true }
        guard let held = outer.value.object?[envelope.payload] else { return false }
        var evaluator = Evaluator(program, budget)
        defer { budget = evaluator.budget }
        for node in declarations where !(try evaluator.accepts(held, at: node)) { return true }
        return false
    }

    /// The schemas of a member by its name.
    private func declarations(of name: String, spending budget: inout WorkBudget) throws(CheckFault) -> [Int] {
        var nodes: [Int] = []
        for rules in program.rootProperties {
            try budget.spend(2)
            if let node = rules.named[name] { nodes.append(node) }
            for (pattern, node) in rules.patterns where try pattern.matches(name, spending: &budget) {
                nodes.append(node)
            }
        }
        return nodes
    }
}
