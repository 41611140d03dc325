import ToolJSON

extension Evaluator {
    /// Checks the rules that require members or apply schemas to them.
    mutating func checkMembers(
        _ rule: Rule,
        of node: Int,
        _ members: JSONObject,
        _ evaluated: inout EvaluatedParts?
    ) throws(CheckError) -> Bool {
        switch rule {
        case .required(let names):
            return try checkRequired(names, rule, of: node, members)
        case .dependentRequired(let dependents, _):
            var isValid = true
            for names in try dependents.present(in: members, spending: &budget) {
                isValid = try checkRequired(names, rule, of: node, members) && isValid
                if !isValid, report == nil { break }
            }
            return isValid
        case .properties(let rules):
            return try checkProperties(rules, rule, of: node, members, &evaluated)
        case .propertyNames(let target):
            var isValid = true
            for member in members where !(try evaluate(target, inside: .key(member.key), .string(member.key))) {
                isValid = false
                if report == nil { break }
            }
            return isValid
        case .unevaluatedProperties(let target):
            var isValid = true
            for (index, member) in members.enumerated() {
                try budget.spend()
                if evaluated?.contains(index) == true { continue }
                if try checkOther(target, member, rule, of: node, known: []) {
                    evaluated?.insert(index)
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
    ) throws(CheckError) -> Bool {
        // The names are unique, so more names than members means that one is missing.
        if names.count > members.count, report == nil { return false }
        var missing: [String] = []
        for (position, name) in names.enumerated() {
            try budget.spend(3)
            if members.value(of: name, near: position) != nil { continue }
            if report == nil { return false }
            missing.append(name)
        }
        if missing.isEmpty { return true }
        let declarations = try program.propertyRules(at: node, spending: &budget)
        let undeclared = try program.undeclaredNames(
            of: members.lazy.map(\.key).prefix(Nearest.maximumCandidates),
            by: declarations,
            spending: &budget
        )
        let names = try Nearest.prepared(undeclared, spending: &budget)
        for name in missing {
            var nearest = try Nearest.name(to: name, among: names, spending: &budget)
            if nearest == nil, undeclared.count == 1, missing.count == 1 { nearest = Words.quoted(undeclared[0]) }
            var phrases = SchemaPhrases(program)
            let declared = declarations.lazy.compactMap { $0.named[name] }.first
            let expected = declared.map { phrases.words(for: $0) } ?? "a value"
            _ = try fail(rule, of: node, nil, at: .key(name), expected: expected, nearest: nearest)
        }
        return false
    }

    private mutating func checkProperties(
        _ rules: PropertyRules,
        _ rule: Rule,
        of node: Int,
        _ members: JSONObject,
        _ evaluated: inout EvaluatedParts?
    ) throws(CheckError) -> Bool {
        var isValid = true
        for (index, member) in members.enumerated() {
            try budget.spend(2 + member.key.utf8.count / 32)
            var isKnown = false
            var holds = true
            if let target = rules.named.entry(of: member.key, near: index) {
                isKnown = true
                holds = try evaluate(target, inside: .key(member.key), member.value)
            }
            for (pattern, target) in rules.patterns where try pattern.matches(member.key, spending: &budget) {
                isKnown = true
                holds = try evaluate(target, inside: .key(member.key), member.value) && holds
            }
            if !isKnown, let target = rules.additional {
                isKnown = true
                holds = try checkOther(target, member, rule, of: node, known: rules.named.names)
            }
            if isKnown { evaluated?.insert(index) }
            if !holds {
                isValid = false
                if report == nil { break }
            }
        }
        return isValid
    }

    /// Checks an undeclared member.
    ///
    /// If none is allowed, the violation lists the declared names.
    private mutating func checkOther(
        _ target: Int,
        _ member: JSONObject.Member,
        _ rule: Rule,
        of node: Int,
        known names: [String]
    ) throws(CheckError) -> Bool {
        guard program.isNever(target) else { return try evaluate(target, inside: .key(member.key), member.value) }
        guard report != nil else { return false }
        return try fail(
            rule,
            of: node,
            member.value,
            at: .key(member.key),
            expected: names.isEmpty
                ? "no other field"
                : "only the field\(names.count == 1 ? "" : "s") " + Words.list(names, last: "and", Words.quoted),
            nearest: try nearest(to: member.key, among: names, of: rule, at: node)
        )
    }
}
