import ToolJSON

/// Runs a program over a value: quickly to learn whether it fits, or reporting everything that does not.
///
/// Time is bounded by a budget and the stack by a depth, whatever the schema and the value are.
struct Evaluator {
    let program: SchemaProgram

    /// The budget that all work is charged to.
    var budget: WorkBudget

    /// True if an integer was met that is not written as one: `12.0`, `1e3`.
    private(set) var sawUnusualInteger = false

    /// The violations, while they are reported; `nil` while only yes or no is asked.
    var report: ViolationReport?

    /// The resources on the way here, the outermost first; `$dynamicRef` alone asks for them.
    private var scope: [Int] = []
    private var depth = 0
    private static let maximumDepth = 1024

    init(_ program: SchemaProgram, _ budget: WorkBudget) {
        self.program = program
        self.budget = budget
    }

    // MARK: - Questions

    /// True if the value satisfies a node, the root unless another one is given.
    mutating func accepts(_ value: JSON, at node: Int? = nil) throws(CheckError) -> Bool {
        var marks: Marks?
        return try evaluate(node ?? program.root, value, &marks)
    }

    /// The violations in a value that is not accepted, at least one.
    ///
    /// - Returns: The violations, and false where the budget was used up before all of them were found.
    mutating func violations(in value: JSON, limit: Int) -> (violations: [Violation], areComplete: Bool) {
        report = ViolationReport(limit: limit)
        defer { report = nil }
        var areComplete = true
        do throws(CheckError) {
            if !(try accepts(value)), report?.violations.isEmpty == true { report?.addFault(Self.notAccepted) }
        } catch {
            switch error {
            case .reportIsFull: break
            case .failed(let reason): report?.addFault(reason)
            case .exhausted:
                // The place where the budget ended says nothing about the value.
                report?.steps = []
                report?.addFault(Self.tooLarge)
                areComplete = false
            }
        }
        return (report?.violations ?? [], areComplete)
    }

    /// The reasons for which a value is refused that breaks no keyword.
    static let tooLarge = "this is too large to check against the schema"
    private static let notAccepted = "the schema does not accept this"

    // MARK: - Evaluation

    /// Checks a value against a node.
    ///
    /// - Parameters:
    ///   - marks: Where somebody asks: which members or elements of the value have been looked at.
    mutating func evaluate(_ node: Int, _ value: JSON, _ marks: inout Marks?) throws(CheckError) -> Bool {
        try budget.spend(1 + program.nodes[node].rules.count)
        guard depth < Self.maximumDepth else { throw .failed("this is nested too deeply to check") }
        depth += 1
        defer { depth -= 1 }
        let entersResource = enterResource(of: node)
        defer { if entersResource { leaveResource() } }

        guard program.nodes[node].asksForMarks else { return try check(node, value, &marks) }
        // It sees what its own keywords have looked at, and not what those beside it have.
        var own: Marks? = Marks()
        guard try check(node, value, &own) else { return false }
        if let own { try union(own, into: &marks) }
        return true
    }

    private mutating func check(_ node: Int, _ value: JSON, _ marks: inout Marks?) throws(CheckError) -> Bool {
        var isValid = true
        for rule in program.nodes[node].rules where !(try check(rule, of: node, value, &marks)) {
            isValid = false
            guard report != nil else { return false }
            // A value of the wrong type would only break the other rules too.
            if case .type = rule { return false }
        }
        return isValid
    }

    private mutating func check(
        _ rule: Rule,
        of node: Int,
        _ value: JSON,
        _ marks: inout Marks?
    ) throws(CheckError) -> Bool {
        switch rule {
        case .type(let types):
            if case .number(let number) = value {
                try budget.spend(number.weight / 4)
                if !types.isSuperset(of: .number), !number.isPlainInteger { sawUnusualInteger = true }
            }
            return types.isSuperset(of: .of(value)) ? true : try fail(rule, of: node, value)
        case .items, .contains, .unevaluatedItems:
            guard case .array(let elements) = value else { return true }
            return try checkElements(rule, of: node, elements, &marks)
        case .required, .dependentRequired, .properties, .propertyNames, .unevaluatedProperties:
            guard case .object(let members) = value else { return true }
            return try checkMembers(rule, of: node, members, &marks)
        case .reference, .dynamicReference, .allOf, .anyOf, .oneOf, .not, .conditional, .dependentSchemas:
            return try checkCombination(rule, of: node, value, &marks)
        default:
            return try rule.isMet(by: value, spending: &budget) ? true : try fail(rule, of: node, value)
        }
    }

    // MARK: - Combinations

    private mutating func checkCombination(
        _ rule: Rule,
        of node: Int,
        _ value: JSON,
        _ marks: inout Marks?
    ) throws(CheckError) -> Bool {
        switch rule {
        case .reference(let target):
            return try evaluate(target, value, &marks)
        case .dynamicReference(let target, let anchor):
            return try evaluate(try dynamicTarget(anchor) ?? target, value, &marks)
        case .allOf(let branches):
            return try all(branches, value, &marks)
        case .dependentSchemas(let dependents):
            guard case .object(let members) = value else { return true }
            return try all(try dependents.present(in: members, spending: &budget), value, &marks)
        case .anyOf(let branches):
            var holds = false
            for branch in branches {
                holds = try evaluateQuietly(branch, value, &marks) || holds
                if holds, marks == nil { break }
            }
            return holds ? true : try failBranches(branches, rule, of: node, value)
        case .oneOf(let branches):
            var holding: [Int] = []
            for branch in branches where try evaluateQuietly(branch, value, &marks) { holding.append(branch) }
            if holding.count == 1 { return true }
            if holding.isEmpty { return try failBranches(branches, rule, of: node, value) }
            var phrases = SchemaPhrases(program)
            return try fail(rule, of: node, value, expected: report.map { _ in phrases.words(forOneOf: holding) })
        case .not(let branch):
            var unmarked: Marks?
            guard try evaluateQuietly(branch, value, &unmarked) else { return true }
            var phrases = SchemaPhrases(program)
            let expected = report.map { _ in "anything but " + phrases.words(for: branch) }
            return try fail(rule, of: node, value, expected: expected)
        case .conditional(let condition, let then, let otherwise):
            let branch = try evaluateQuietly(condition, value, &marks) ? then : otherwise
            guard let branch else { return true }
            return try evaluate(branch, value, &marks)
        default:
            return true
        }
    }

    private mutating func all(_ branches: [Int], _ value: JSON, _ marks: inout Marks?) throws(CheckError) -> Bool {
        var isValid = true
        for branch in branches where !(try evaluate(branch, value, &marks)) {
            isValid = false
            if report == nil { break }
        }
        return isValid
    }

    /// Checks a value against a node without reporting what is wrong; the marks of a branch that fails are dropped.
    mutating func evaluateQuietly(_ node: Int, _ value: JSON, _ marks: inout Marks?) throws(CheckError) -> Bool {
        let report = self.report.take()
        defer { self.report = report }
        var own: Marks? = marks == nil ? nil : Marks()
        guard try evaluate(node, value, &own) else { return false }
        if let own { try union(own, into: &marks) }
        return true
    }

    private mutating func union(_ own: Marks, into marks: inout Marks?) throws(CheckError) {
        guard marks != nil else { return }
        try budget.spend(own.count / 8)
        marks?.formUnion(own)
    }

    /// Reports why no branch holds: by the one that the value was meant for, if its type shows that.
    private mutating func failBranches(
        _ branches: [Int],
        _ rule: Rule,
        of node: Int,
        _ value: JSON
    ) throws(CheckError) -> Bool {
        guard report != nil else { return false }
        try budget.spend(branches.count)
        let meant = branches.filter { program.types[$0].isSuperset(of: .of(value)) }
        if meant.count == 1 {
            var unmarked: Marks?
            return try evaluate(meant[0], value, &unmarked)
        }
        var phrases = SchemaPhrases(program)
        return try fail(rule, of: node, value, expected: phrases.words(forAnyOf: meant.isEmpty ? branches : meant))
    }

    /// Records the resource of a node for dynamic references.
    ///
    /// - Returns: True if ``leaveResource()`` is to be called after the node.
    @inline(__always)
    mutating func enterResource(of node: Int) -> Bool {
        guard !program.dynamicAnchors.isEmpty, scope.last != program.nodes[node].resource else { return false }
        scope.append(program.nodes[node].resource)
        return true
    }

    mutating func leaveResource() { scope.removeLast() }

    /// The node to which a dynamic reference leads from the current place, or nil for that of an ordinary reference.
    mutating func dynamicTarget(_ anchor: String) throws(CheckError) -> Int? {
        for resource in scope {
            try budget.spend(4)
            if let target = program.dynamicAnchors[resource]?[anchor] { return target }
        }
        return nil
    }

    // MARK: - Reporting

    /// Reports that a rule is broken.
    ///
    /// - Returns: False, the result of a broken rule.
    mutating func fail(
        _ rule: Rule,
        of node: Int,
        _ value: JSON?,
        at name: ViolationReport.Step? = nil,
        expected: String? = nil,
        nearest: String? = nil
    ) throws(CheckError) -> Bool {
        guard let report else { return false }
        // The pointer, and phrases of bounded length.
        try budget.spend(256 + report.pointerBytes(to: name) / 4)
        var nearest = nearest
        if nearest == nil, case .enumeration(let set) = rule, let text = value?.string {
            let candidates = set.values.prefix(2 * Nearest.mostCandidates).lazy.compactMap(\.string)
            nearest = try self.nearest(to: text, among: candidates, of: rule, at: node)
        }
        let violation = Violation(
            path: report.pointer(to: name),
            keyword: rule.keyword,
            schemaPath: program.nodes[node].location,
            sent: value,
            expected: expected ?? rule.words,
            nearest: nearest
        )
        self.report?.add(violation)
        if self.report?.isFull == true { throw .reportIsFull }
        return false
    }

    /// Checks something inside the value.
    mutating func evaluate(
        _ node: Int,
        inside step: ViolationReport.Step,
        _ value: JSON
    ) throws(CheckError) -> Bool {
        var marks: Marks?
        guard report != nil else { return try evaluate(node, value, &marks) }
        report?.steps.append(step)
        let isValid = try evaluate(node, value, &marks)
        // After a fault the steps stay, and say where it was.
        report?.steps.removeLast()
        return isValid
    }
}
