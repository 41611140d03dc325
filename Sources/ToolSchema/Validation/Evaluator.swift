import ToolJSON

/// Runs a program over a value: quickly to learn whether it fits, or telling everything that does not.
///
/// Time is bounded by a number of steps and the stack by a depth, whatever the schema and the value are.
struct Evaluator {
    /// Why a value could not be checked; it is then not accepted, not even by `not`.
    struct Fault: Error {
        /// Where in the value, while that is being told.
        let path: String
        let reason: String
    }

    func fault(_ reason: String) -> Fault {
        Fault(path: report?.pointer() ?? "", reason: reason)
    }

    let program: SchemaProgram

    /// Whether an integer was met that is not written as one: `12.0`, `1e3`.
    private(set) var sawUnusualInteger = false

    /// What is wrong, while it is being told; `nil` while only yes or no is asked.
    var report: ViolationReport?

    /// The resources on the way here, the outermost first; `$dynamicRef` alone asks for them.
    private var scope: [Int] = []
    private var depth = 0
    var stepsLeft = Self.freeSteps

    /// What the steps are counted for, until it has been measured.
    private var whole: JSON?

    /// What any value may take; more is for large values, a fair share for each of their parts.
    private static let freeSteps = 500_000
    private static let stepsPerPart = 64
    private static let maximumDepth = 1024

    /// An evaluator that spends no more time than the value as a whole is worth.
    init(_ program: SchemaProgram, for value: JSON) {
        self.program = program
        whole = value
    }

    // MARK: - Questions

    /// Whether the value satisfies a node, the root unless said otherwise.
    ///
    /// Once an answer has taken too long, no further question is looked into.
    mutating func accepts(_ value: JSON, at node: Int? = nil) -> Bool {
        var marks: Marks?
        do throws(Fault) {
            return try evaluate(node ?? program.root, value, &marks)
        } catch {
            stepsLeft = 0
            whole = nil
            return false
        }
    }

    /// What is wrong with the value; at least one violation if it is not accepted.
    mutating func violations(in value: JSON, limit: Int) -> [Violation] {
        report = ViolationReport(limit: limit)
        defer { report = nil }
        var marks: Marks?
        do throws(Fault) {
            _ = try evaluate(program.root, value, &marks)
        } catch {
            report?.add(error)
        }
        return report?.violations ?? []
    }

    // MARK: - Evaluation

    /// Checks a value against a node.
    ///
    /// - Parameters:
    ///   - marks: Where somebody asks: which members or elements of the value have been looked at.
    mutating func evaluate(_ node: Int, _ value: JSON, _ marks: inout Marks?) throws(Fault) -> Bool {
        depth += 1
        defer { depth -= 1 }
        try spendStep()
        guard depth <= Self.maximumDepth else { throw fault("this takes too long to check") }
        let entersResource = !program.dynamicAnchors.isEmpty && scope.last != program.nodes[node].resource
        if entersResource { scope.append(program.nodes[node].resource) }
        defer { if entersResource { scope.removeLast() } }

        guard program.nodes[node].asksForMarks else { return try check(node, value, &marks) }
        // It sees what its own keywords have looked at, and not what those beside it have.
        var own: Marks? = Marks()
        guard try check(node, value, &own) else { return false }
        if let own { marks?.formUnion(own) }
        return true
    }

    /// Counts one step more.
    mutating func spendStep() throws(Fault) {
        stepsLeft -= 1
        if stepsLeft < 0, let whole = whole.take() {
            stepsLeft += whole.partCount * Self.stepsPerPart
        }
        guard stepsLeft >= 0 else { throw fault("this takes too long to check") }
    }

    private mutating func check(_ node: Int, _ value: JSON, _ marks: inout Marks?) throws(Fault) -> Bool {
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
    ) throws(Fault) -> Bool {
        switch rule {
        case .type(let types):
            if case .number(let number) = value, !types.isSuperset(of: .number), !number.isPlainInteger {
                sawUnusualInteger = true
            }
            return types.isSuperset(of: .of(value)) || fail(rule, of: node, value)
        case .items, .contains, .unevaluatedItems:
            guard case .array(let elements) = value else { return true }
            return try checkElements(rule, of: node, elements, &marks)
        case .required, .dependentRequired, .properties, .propertyNames, .unevaluatedProperties:
            guard case .object(let members) = value else { return true }
            return try checkMembers(rule, of: node, members, &marks)
        case .reference, .dynamicReference, .allOf, .anyOf, .oneOf, .not, .conditional, .dependentSchemas:
            return try checkCombination(rule, of: node, value, &marks)
        default:
            do throws(PatternError) {
                if try rule.isMet(by: value, spending: &stepsLeft) { return true }
                return fail(rule, of: node, value)
            } catch {
                throw fault(error.message)
            }
        }
    }

    // MARK: - Combinations

    private mutating func checkCombination(
        _ rule: Rule,
        of node: Int,
        _ value: JSON,
        _ marks: inout Marks?
    ) throws(Fault) -> Bool {
        switch rule {
        case .reference(let target):
            return try evaluate(target, value, &marks)
        case .dynamicReference(let target, let anchor):
            return try evaluate(dynamicTarget(anchor) ?? target, value, &marks)
        case .allOf(let branches):
            return try all(branches, value, &marks)
        case .dependentSchemas(let dependents):
            let present = dependents.filter { value.object?[$0.name] != nil }
            return try all(present.map(\.node), value, &marks)
        case .anyOf(let branches):
            var holds = false
            for branch in branches {
                holds = try evaluateQuietly(branch, value, &marks) || holds
                if holds, marks == nil { break }
            }
            if holds { return true }
            return try failBranches(branches, rule, of: node, value)
        case .oneOf(let branches):
            var holding: [Int] = []
            for branch in branches where try evaluateQuietly(branch, value, &marks) { holding.append(branch) }
            if holding.count > 1 { return fail(rule, of: node, value, expected: { $0.words(forOneOf: holding) }) }
            if holding.count == 1 { return true }
            return try failBranches(branches, rule, of: node, value)
        case .not(let branch):
            var unmarked: Marks?
            guard try evaluateQuietly(branch, value, &unmarked) else { return true }
            return fail(rule, of: node, value, expected: { "anything but " + $0.words(for: branch) })
        case .conditional(let condition, let then, let otherwise):
            let branch = try evaluateQuietly(condition, value, &marks) ? then : otherwise
            guard let branch else { return true }
            return try evaluate(branch, value, &marks)
        default:
            return true
        }
    }

    private mutating func all(_ branches: [Int], _ value: JSON, _ marks: inout Marks?) throws(Fault) -> Bool {
        var isValid = true
        for branch in branches where !(try evaluate(branch, value, &marks)) {
            isValid = false
            if report == nil { break }
        }
        return isValid
    }

    /// Checks a value against a node without telling what is wrong; what a branch that fails has looked at is forgotten.
    mutating func evaluateQuietly(_ node: Int, _ value: JSON, _ marks: inout Marks?) throws(Fault) -> Bool {
        let report = self.report
        self.report = nil
        defer { self.report = report }
        var own: Marks? = marks == nil ? nil : Marks()
        guard try evaluate(node, value, &own) else { return false }
        if let own { marks?.formUnion(own) }
        return true
    }

    /// Tells why no branch holds: by the one that the value was meant for, if that can be seen from its type.
    private mutating func failBranches(
        _ branches: [Int],
        _ rule: Rule,
        of node: Int,
        _ value: JSON
    ) throws(Fault) -> Bool {
        guard report != nil else { return false }
        let meant = branches.filter { program.types[$0].isSuperset(of: .of(value)) }
        if meant.count == 1 {
            var unmarked: Marks?
            return try evaluate(meant[0], value, &unmarked)
        }
        return fail(rule, of: node, value, expected: { $0.words(forAnyOf: meant.isEmpty ? branches : meant) })
    }

    private func dynamicTarget(_ anchor: String) -> Int? {
        for resource in scope {
            if let target = program.dynamicAnchors[resource]?[anchor] { return target }
        }
        return nil
    }

    // MARK: - Telling

    /// Notes that a rule is broken.
    ///
    /// - Returns: False, which is what the rule comes to.
    mutating func fail(
        _ rule: Rule,
        of node: Int,
        _ value: JSON?,
        at name: ViolationReport.Step? = nil,
        expected: (SchemaProgram) -> String? = { _ in nil },
        nearest: (SchemaProgram) -> String? = { _ in nil }
    ) -> Bool {
        guard report != nil else { return false }
        let violation = Violation(
            path: report?.pointer(to: name) ?? "",
            keyword: rule.keyword,
            schemaPath: program.nodes[node].location,
            sent: value,
            expected: expected(program) ?? rule.words,
            nearest: nearest(program) ?? rule.nearest(to: value)
        )
        report?.add(violation)
        return false
    }

    /// Checks something inside the value.
    mutating func evaluate(_ node: Int, inside step: ViolationReport.Step, _ value: JSON) throws(Fault) -> Bool {
        var marks: Marks?
        guard report != nil else { return try evaluate(node, value, &marks) }
        report?.steps.append(step)
        defer { report?.steps.removeLast() }
        return try evaluate(node, value, &marks)
    }
}

extension JSON {
    /// How many values it holds, itself included.
    fileprivate var partCount: Int {
        switch self {
        case .array(let elements): elements.reduce(1) { $0 + $1.partCount }
        case .object(let members): members.reduce(1) { $0 + $1.value.partCount }
        default: 1
        }
    }
}
