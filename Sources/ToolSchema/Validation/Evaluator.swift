import ToolJSON

/// The evaluator of a compiled schema: a fast check with a Boolean result, or a report of all violations.
///
/// A budget bounds the time and a maximum depth bounds the stack, for any schema and value.
struct Evaluator {
    let program: SchemaProgram

    /// The budget for all work.
    var budget: WorkBudget

    /// True if an integer occurred that is not written as one: `12.0`, `1e3`.
    private(set) var sawUnusualInteger = false

    /// The report of violations, or nil during a check with only a Boolean result.
    var report: ViolationReport?

    /// The resources on the path to the current node, outermost first.
    ///
    /// Only tracked for `$dynamicRef`.
    private var scope: [Int] = []
    private var depth = 0
    private static let maximumDepth = 1024

    init(_ program: SchemaProgram, _ budget: WorkBudget) {
        self.program = program
        self.budget = budget
    }

    // MARK: - Entry points

    /// Returns true if the value satisfies a node, which defaults to the root.
    mutating func accepts(_ value: JSON, at node: Int? = nil) throws(CheckError) -> Bool {
        var evaluated: EvaluatedParts?
        return try evaluate(node ?? program.root, value, &evaluated)
    }

    /// Returns the violations in a value that is not accepted, at least one.
    ///
    /// - Returns: The violations, and false if the budget was exhausted before all were found.
    mutating func violations(in value: JSON, limit: Int) -> (violations: [Violation], areComplete: Bool) {
        report = ViolationReport(limit: limit)
        defer { report = nil }
        var areComplete = true
        do throws(CheckError) {
            if !(try accepts(value)), report?.violations.isEmpty == true { report?.addUnchecked(Self.notAccepted) }
        } catch {
            switch error {
            case .reportIsFull: break
            case .failed(let reason): report?.addUnchecked(reason)
            case .exhausted:
                // The place at which the budget was exhausted is arbitrary.
                report?.steps = []
                report?.addUnchecked(Self.tooLarge)
                areComplete = false
            }
        }
        return (report?.violations ?? [], areComplete)
    }

    /// The reason for rejecting a value that exhausted the budget.
    static let tooLarge = "too large to check against the schema"
    private static let notAccepted = "not accepted by the schema"

    // MARK: - Evaluation

    /// Checks a value against a node.
    ///
    /// - Parameters:
    ///   - node: The index of the node.
    ///   - value: The value.
    ///   - evaluated: The members or elements that were evaluated, or nil if they are not tracked.
    mutating func evaluate(_ node: Int, _ value: JSON, _ evaluated: inout EvaluatedParts?) throws(CheckError) -> Bool {
        try budget.spend(1 + program.nodes[node].rules.count)
        guard depth < Self.maximumDepth else { throw .failed("nested too deeply to check") }
        depth += 1
        defer { depth -= 1 }
        let entersResource = enterResource(of: node)
        defer { if entersResource { leaveResource() } }

        guard program.nodes[node].tracksEvaluated else { return try check(node, value, &evaluated) }
        // `unevaluated…` considers the keywords of its schema, not those of sibling schemas.
        var own: EvaluatedParts? = EvaluatedParts()
        guard try check(node, value, &own) else { return false }
        if let own { try union(own, into: &evaluated) }
        return true
    }

    private mutating func check(_ node: Int, _ value: JSON, _ evaluated: inout EvaluatedParts?) throws(CheckError)
        -> Bool
    {
        var isValid = true
        for rule in program.nodes[node].rules where !(try check(rule, of: node, value, &evaluated)) {
            isValid = false
            guard report != nil else { return false }
            // A value of the wrong type would only violate the other rules as well.
            if case .type = rule { return false }
        }
        return isValid
    }

    private mutating func check(
        _ rule: Rule,
        of node: Int,
        _ value: JSON,
        _ evaluated: inout EvaluatedParts?
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
            return try checkElements(rule, of: node, elements, &evaluated)
        case .required, .dependentRequired, .properties, .propertyNames, .unevaluatedProperties:
            guard case .object(let members) = value else { return true }
            return try checkMembers(rule, of: node, members, &evaluated)
        case .reference, .dynamicReference, .allOf, .anyOf, .oneOf, .not, .conditional, .dependentSchemas:
            return try checkCombination(rule, of: node, value, &evaluated)
        default:
            return try rule.isMet(by: value, spending: &budget) ? true : try fail(rule, of: node, value)
        }
    }

    /// Checks a value against a node without reporting violations.
    ///
    /// The evaluated parts of a failing branch are discarded.
    mutating func evaluateQuietly(_ node: Int, _ value: JSON, _ evaluated: inout EvaluatedParts?) throws(CheckError)
        -> Bool
    {
        let report = self.report.take()
        defer { self.report = report }
        var own: EvaluatedParts? = evaluated == nil ? nil : EvaluatedParts()
        guard try evaluate(node, value, &own) else { return false }
        if let own { try union(own, into: &evaluated) }
        return true
    }

    private mutating func union(_ own: EvaluatedParts, into evaluated: inout EvaluatedParts?) throws(CheckError) {
        guard evaluated != nil else { return }
        try budget.spend(own.count / 8)
        evaluated?.formUnion(own)
    }

    // MARK: - Dynamic references

    /// Adds the resource of a node to the scope of dynamic references.
    ///
    /// - Returns: True if the caller must call ``leaveResource()`` after the node.
    @inline(__always)
    mutating func enterResource(of node: Int) -> Bool {
        guard !program.dynamicAnchors.isEmpty, scope.last != program.nodes[node].resource else { return false }
        scope.append(program.nodes[node].resource)
        return true
    }

    mutating func leaveResource() { scope.removeLast() }

    /// Returns the node to which a dynamic reference resolves in the current scope, or nil for its initial target.
    mutating func dynamicTarget(_ anchor: String) throws(CheckError) -> Int? {
        for resource in scope {
            try budget.spend(4)
            if let target = program.dynamicAnchors[resource]?[anchor] { return target }
        }
        return nil
    }

    // MARK: - Reporting

    /// Reports that a rule is violated.
    ///
    /// - Returns: False, the result of a violated rule.
    mutating func fail(
        _ rule: Rule,
        of node: Int,
        _ value: JSON?,
        at name: ViolationReport.Step? = nil,
        expected: String? = nil,
        nearest: String? = nil
    ) throws(CheckError) -> Bool {
        guard let report else { return false }
        // The cost of the pointer and of phrases of bounded length.
        try budget.spend(256 + report.pointerBytes(to: name) / 4)
        var nearest = nearest
        if nearest == nil, case .enumeration(let set) = rule, let text = value?.string {
            let candidates = set.values.prefix(2 * Nearest.maximumCandidates).lazy.compactMap(\.string)
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

    /// Checks a member or element of the value.
    mutating func evaluate(
        _ node: Int,
        inside step: ViolationReport.Step,
        _ value: JSON
    ) throws(CheckError) -> Bool {
        var evaluated: EvaluatedParts?
        guard report != nil else { return try evaluate(node, value, &evaluated) }
        report?.steps.append(step)
        let isValid = try evaluate(node, value, &evaluated)
        // If an error is thrown, the steps remain, so that the report contains the place.
        report?.steps.removeLast()
        return isValid
    }
}
