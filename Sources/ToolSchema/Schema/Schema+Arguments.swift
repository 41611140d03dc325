package import ToolJSON

extension Schema {
    /// Coerces the arguments of a call to the declared types and removes an envelope around them.
    ///
    /// Some models repeat the call inside its arguments: `{"name": "add", "arguments": {"a": 1}}`. An envelope is
    /// removed only if the arguments cannot be meant as they were sent:
    /// - Its members describe a call of this tool, and the schema declares none of them. Two kinds of declared members
    ///   are allowed: one that contains the tool's name, and one that the schema does not allow to be an object but
    ///   that is an object with a member that the schema requires.
    /// - The arguments inside satisfy the schema.
    /// - The envelope does not satisfy the schema, or its only member can only mean a call (`arguments`, not `data`)
    ///   and the schema declares all arguments inside.
    ///
    /// If the envelope names the tool, the arguments inside need not satisfy the schema. The violations then describe
    /// the arguments inside.
    ///
    /// - Parameters:
    ///   - arguments: The arguments as they were sent.
    ///   - tool: The name of the tool.
    ///   - limit: The maximum number of violations to report.
    ///   - budget: The budget for all work.
    package func fitting(
        arguments: JSONObject,
        ofToolNamed tool: String,
        limit: Int = 32,
        within budget: WorkBudget
    ) -> Fitting {
        var budget = budget
        var best = fitting(.object(arguments), limit: limit, spending: &budget)
        // The members of an envelope are undeclared or violate the schema.
        if best.violations.isEmpty, best.undeclaredNames.isEmpty { return best }
        do throws(CheckError) {
            var (members, outer) = (arguments, best)
            // True if unwrapping discards members beside the arguments.
            var dropsLabels = false
            for _ in 0..<CallEnvelope.maximumNesting {
                guard outer.isComplete, let envelope = CallEnvelope(members, tool: tool),
                    try isForeign(envelope, around: members, outer, spending: &budget),
                    let inner = try envelope.arguments(in: members, spending: &budget)
                else { break }
                let fitted = fitting(.object(inner), limit: limit, spending: &budget)
                guard fitted.isComplete else { throw .exhausted }
                if !envelope.labels.isEmpty { dropsLabels = true }
                var isIntended = false
                for label in envelope.toolLabels where !isIntended {
                    // Beside `data`, a declared `name` can be an argument that happens to have the tool's name.
                    isIntended =
                        try declarations(of: label, spending: &budget).isEmpty || envelope.isCall
                        || inner[label] != nil
                }
                if !isIntended, fitted.violations.isEmpty {
                    let undeclared = fitted.undeclaredNames.count
                    if best.violations.isEmpty {
                        isIntended = !dropsLabels && !inner.isEmpty && undeclared == 0
                    } else {
                        isIntended = inner.isEmpty ? !dropsLabels : undeclared < inner.count
                    }
                }
                if isIntended {
                    let change = Coercion(
                        path: "",
                        rule: .argumentsUnwrapped,
                        from: .object(arguments),
                        to: .object(inner)
                    )
                    best = Fitting(fitted, after: change)
                    dropsLabels = false
                }
                (members, outer) = (inner, fitted)
            }
            return best
        } catch {
            if best.violations.isEmpty { return best }
            let value = JSON.object(arguments)
            return Fitting(value, [], [.unchecked(at: "", Evaluator.tooLarge)], isComplete: false)
        }
    }

    /// Returns true if the schema does not declare the members of an envelope, or never accepts the object inside.
    ///
    /// - Parameters:
    ///   - envelope: The envelope.
    ///   - members: The members of the envelope.
    ///   - outer: The members, coerced to the schema.
    ///   - budget: The budget for all work.
    private func isForeign(
        _ envelope: CallEnvelope,
        around members: JSONObject,
        _ outer: Fitting,
        spending budget: inout WorkBudget
    ) throws(CheckError) -> Bool {
        for label in envelope.labels where !(try declarations(of: label, spending: &budget).isEmpty) { return false }
        if outer.violations.isEmpty {
            return envelope.isCall && outer.undeclaredNames.contains { $0.hasSameBytes(as: envelope.payload) }
        }
        let declarations = try declarations(of: envelope.payload, spending: &budget)
        if declarations.isEmpty { return true }
        guard let inner = members[envelope.payload]?.object,
            !declarations.contains(where: { program.types[$0].contains(.object) })
        else { return false }
        for violation in outer.violations where violation.sent == nil {
            let tokens = JSONPointer.tokens(of: violation.path)
            try budget.spend(4 + violation.path.utf8.count / 4)
            if tokens.count == 1, let name = JSONPointer.unescaped(tokens[0]), inner[name] != nil { return true }
        }
        return false
    }

    /// Returns the nodes that the schema declares for a member.
    private func declarations(of name: String, spending budget: inout WorkBudget) throws(CheckError) -> [Int] {
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
