import ToolJSON

extension Evaluator {
    /// Checks the rules that apply schemas to the same value.
    mutating func checkCombination(
        _ rule: Rule,
        of node: Int,
        _ value: JSON,
        _ evaluated: inout EvaluatedParts?
    ) throws(CheckError) -> Bool {
        switch rule {
        case .reference(let target):
            return try evaluate(target, value, &evaluated)
        case .dynamicReference(let target, let anchor):
            return try evaluate(try dynamicTarget(anchor) ?? target, value, &evaluated)
        case .allOf(let branches):
            return try all(branches, value, &evaluated)
        case .dependentSchemas(let dependents):
            guard case .object(let members) = value else { return true }
            return try all(try dependents.present(in: members, spending: &budget), value, &evaluated)
        case .anyOf(let branches):
            var holds = false
            for branch in branches {
                holds = try evaluateQuietly(branch, value, &evaluated) || holds
                if holds, evaluated == nil { break }
            }
            return holds ? true : try failBranches(branches, rule, of: node, value)
        case .oneOf(let branches):
            var holding: [Int] = []
            for branch in branches where try evaluateQuietly(branch, value, &evaluated) { holding.append(branch) }
            if holding.count == 1 { return true }
            if holding.isEmpty { return try failBranches(branches, rule, of: node, value) }
            var phrases = SchemaPhrases(program)
            return try fail(rule, of: node, value, expected: report.map { _ in phrases.words(forOneOf: holding) })
        case .not(let branch):
            var untracked: EvaluatedParts?
            guard try evaluateQuietly(branch, value, &untracked) else { return true }
            var phrases = SchemaPhrases(program)
            let expected = report.map { _ in "anything but " + phrases.words(for: branch) }
            return try fail(rule, of: node, value, expected: expected)
        case .conditional(let condition, let then, let otherwise):
            let branch = try evaluateQuietly(condition, value, &evaluated) ? then : otherwise
            guard let branch else { return true }
            return try evaluate(branch, value, &evaluated)
        default:
            return true
        }
    }

    private mutating func all(_ branches: [Int], _ value: JSON, _ evaluated: inout EvaluatedParts?) throws(CheckError)
        -> Bool
    {
        var isValid = true
        for branch in branches where !(try evaluate(branch, value, &evaluated)) {
            isValid = false
            if report == nil { break }
        }
        return isValid
    }

    /// Reports that no branch holds.
    ///
    /// If only one branch allows the value's type, its violations are reported.
    private mutating func failBranches(
        _ branches: [Int],
        _ rule: Rule,
        of node: Int,
        _ value: JSON
    ) throws(CheckError) -> Bool {
        guard report != nil else { return false }
        try budget.spend(branches.count)
        let matching = branches.filter { program.types[$0].isSuperset(of: .of(value)) }
        if matching.count == 1 {
            var untracked: EvaluatedParts?
            return try evaluate(matching[0], value, &untracked)
        }
        var phrases = SchemaPhrases(program)
        return try fail(
            rule,
            of: node,
            value,
            expected: phrases.words(forAnyOf: matching.isEmpty ? branches : matching)
        )
    }
}
