import ToolJSON

extension Evaluator {
    /// Checks the rules that ask for members or apply schemas to them.
    mutating func checkMembers(
        _ rule: Rule,
        of node: Int,
        _ members: JSONObject,
        _ marks: inout Marks?
    ) throws(Fault) -> Bool {
        switch rule {
        case .required(let names):
            return checkRequired(names, rule, of: node, members)
        case .dependentRequired(let dependents):
            var isValid = true
            for dependent in dependents where members[dependent.name] != nil {
                isValid = checkRequired(dependent.names, rule, of: node, members) && isValid
            }
            return isValid
        case .properties(let rules):
            return try checkProperties(rules, rule, of: node, members, &marks)
        case .propertyNames(let target):
            var isValid = true
            for member in members where !(try evaluate(target, inside: .key(member.key), .string(member.key))) {
                isValid = false
                if report == nil { break }
            }
            return isValid
        case .unevaluatedProperties(let target):
            var isValid = true
            for (index, member) in members.enumerated() where marks?.contains(index) != true {
                if try checkOther(target, member, rule, of: node, known: []) {
                    marks?.insert(index)
                } else {
                    isValid = false
                    if report == nil { break }
                }
            }
            return isValid
        default:
            return true
        }
    }

    private mutating func checkRequired(
        _ names: [String],
        _ rule: Rule,
        of node: Int,
        _ members: JSONObject
    ) -> Bool {
        var isValid = true
        for name in names where members[name] == nil {
            isValid = false
            guard report != nil else { break }
            _ = fail(
                rule,
                of: node,
                nil,
                at: .key(name),
                expected: { program in program.property(name, at: node).map(program.words) ?? "a value" },
                nearest: { $0.undeclaredName(meaning: name, in: members, required: names, at: node) }
            )
        }
        return isValid
    }

    private mutating func checkProperties(
        _ rules: PropertyRules,
        _ rule: Rule,
        of node: Int,
        _ members: JSONObject,
        _ marks: inout Marks?
    ) throws(Fault) -> Bool {
        var isValid = true
        for (index, member) in members.enumerated() {
            var isKnown = false
            var holds = true
            if let target = rules.named[member.key] {
                isKnown = true
                holds = try evaluate(target, inside: .key(member.key), member.value)
            }
            for (pattern, target) in rules.patterns where try matches(pattern, member.key) {
                isKnown = true
                holds = try evaluate(target, inside: .key(member.key), member.value) && holds
            }
            if !isKnown, let target = rules.additional {
                isKnown = true
                holds = try checkOther(target, member, rule, of: node, known: rules.named.names)
            }
            if isKnown { marks?.insert(index) }
            if !holds {
                isValid = false
                if report == nil { break }
            }
        }
        return isValid
    }

    /// Checks a member that is not declared; where none is allowed, tells the names that are.
    private mutating func checkOther(
        _ target: Int,
        _ member: JSONObject.Member,
        _ rule: Rule,
        of node: Int,
        known names: [String]
    ) throws(Fault) -> Bool {
        guard program.isNever(target) else { return try evaluate(target, inside: .key(member.key), member.value) }
        return fail(
            rule,
            of: node,
            member.value,
            at: .key(member.key),
            expected: { _ in
                names.isEmpty ? "no other field" : "no other fields than " + Words.list(names.map(Words.quoted))
            },
            nearest: { _ in Nearest.name(to: member.key, among: names) }
        )
    }

    private mutating func matches(_ pattern: Pattern, _ name: String) throws(Fault) -> Bool {
        // Each name may be held against each pattern, before anything else would look.
        try spendStep()
        do throws(PatternError) {
            return try pattern.matches(name, spending: &stepsLeft)
        } catch {
            throw fault(error.message)
        }
    }
}
