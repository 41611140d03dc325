package import ToolJSON

extension Schema {
    /// Brings the arguments of a call to the declared types, and takes them out of an envelope around them.
    ///
    /// Some models repeat the call inside its arguments: `{"name": "add", "arguments": {"a": 1}}`. An envelope is
    /// removed only if the arguments as they were sent cannot be meant:
    /// - Its members describe a call of this tool, and the schema declares none of them. Two kinds of declared members
    ///   are accepted: one with the tool's name, and one that must not be an object but holds one with a member that
    ///   the schema requires.
    /// - The arguments inside satisfy the schema.
    /// - The envelope does not satisfy the schema, or its one member can only mean a call (`arguments`, not `data`) and
    ///   the schema declares all arguments inside.
    ///
    /// If the envelope names the tool, the arguments inside need not satisfy the schema; the violations are about them.
    ///
    /// - Parameters:
    ///   - arguments: The arguments as they were sent.
    ///   - tool: The name of the tool.
    ///   - limit: The maximum number of violations that are reported.
    ///   - budget: The budget for all of it.
    package func fitting(
        arguments: JSONObject,
        ofToolNamed tool: String,
        limit: Int = 32,
        within budget: WorkBudget
    ) -> Fitting {
        var budget = budget
        var best = fitting(.object(arguments), limit: limit, spending: &budget)
        do throws(CheckError) {
            var (members, outer) = (arguments, best)
            // True if members beside the arguments would be lost.
            var dropsLabels = false
            for _ in 0..<CallEnvelope.deepest {
                guard outer.isComplete, let envelope = CallEnvelope(members, tool: tool),
                    try isForeign(envelope, around: members, outer, spending: &budget),
                    let inner = try envelope.arguments(in: members, spending: &budget)
                else { break }
                let fitted = fitting(.object(inner), limit: limit, spending: &budget)
                guard fitted.isComplete else { throw .exhausted }
                if !envelope.labels.isEmpty { dropsLabels = true }
                var isMeant = false
                for label in envelope.toolLabels where !isMeant {
                    // Beside `data`, a declared `name` can be an argument that happens to have the tool's name.
                    isMeant =
                        try declarations(of: label, spending: &budget).isEmpty || envelope.isCall
                        || inner[label] != nil
                }
                if !isMeant, fitted.violations.isEmpty {
                    let undeclared = fitted.undeclaredNames.count
                    if best.violations.isEmpty {
                        isMeant = !dropsLabels && !inner.isEmpty && undeclared == 0
                    } else {
                        isMeant = inner.isEmpty ? !dropsLabels : undeclared < inner.count
                    }
                }
                if isMeant {
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

    /// True if the schema does not declare the members of an envelope, or never accepts the object in the one it does.
    ///
    /// - Parameter outer: The members of the envelope, brought to the schema.
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

    /// The schemas of a member by its name.
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
