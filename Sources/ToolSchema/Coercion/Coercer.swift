import ToolJSON

/// Brings a value to the types that a program declares, from the outside in.
struct Coercer {
    private let program: SchemaProgram
    private var evaluator: Evaluator
    private(set) var coercions: [Coercion] = []
    private var steps: [ViolationReport.Step] = []
    private var visits = 0
    private var depth = 0
    private var searchSteps = 500_000

    /// What the arrays hold into which the value at hand is being put, the outermost first.
    private var wrappings: [Int] = []

    /// Branches are tried one after another, and branches in branches multiply.
    private static let maximumVisits = 20_000

    /// As deep as the evaluator goes: references make long chains.
    private static let maximumDepth = 1024

    init(_ program: SchemaProgram, for value: JSON) {
        self.program = program
        evaluator = Evaluator(program, for: value)
    }

    mutating func coerce(_ value: JSON) -> JSON {
        coerce(value, to: program.root, within: .all)
    }

    /// The value as a node wants it.
    ///
    /// - Parameter types: The types that other schemas allow for the same value.
    private mutating func coerce(_ value: JSON, to node: Int, within types: TypeSet) -> JSON {
        visits += 1
        depth += 1
        defer { depth -= 1 }
        guard visits <= Self.maximumVisits, depth <= Self.maximumDepth else { return value }
        let types = types.intersection(program.types[node])
        var value = value
        if let (converted, rule) = Conversion.converted(value, to: types) {
            value = note(rule, value, converted)
        } else if types.contains(.array), !types.contains(.of(value)), let array = wrapped(value, at: node) {
            // What else is said of its element could ask for one more array around it, and so on.
            return array
        }
        for rule in program.nodes[node].rules { value = coerce(value, by: rule, at: node, within: types) }
        return value
    }

    private mutating func coerce(_ value: JSON, by rule: Rule, at node: Int, within types: TypeSet) -> JSON {
        switch rule {
        case .enumeration(let values): byCase(value, values)
        case .const(let constant): byCase(value, [constant])
        case .properties(let rules): coerceMembers(value, rules)
        case .items(let prefix, let rest): coerceElements(value, prefix, rest)
        case .reference(let target): coerce(value, to: target, within: types)
        case .allOf(let targets): targets.reduce(value) { coerce($0, to: $1, within: types) }
        case .anyOf(let branches), .oneOf(let branches): coerce(value, toOneOf: branches, within: types)
        case .conditional(let condition, let then, let otherwise):
            (evaluator.accepts(value, at: condition) ? then : otherwise).map { coerce(value, to: $0, within: types) }
                ?? value
        default: value
        }
    }

    // MARK: - Values, members and elements

    private mutating func byCase(_ value: JSON, _ values: [JSON]) -> JSON {
        guard let text = value.string, !values.contains(value) else { return value }
        let folded = text.lowercased()
        let same = values.filter { $0.string?.lowercased() == folded }
        return same.count == 1 ? note(.valueByCase, value, same[0]) : value
    }

    private mutating func coerceMembers(_ value: JSON, _ rules: PropertyRules) -> JSON {
        guard var members = value.object else { return value }
        for (key, member) in members {
            var targets = rules.named[key].map { [$0] } ?? []
            targets += rules.patterns.filter { matches($0.pattern, key) }.map(\.node)
            if targets.isEmpty, let additional = rules.additional { targets = [additional] }
            if !targets.isEmpty { members[key] = coerce(member, inside: .key(key), to: targets) }
        }
        return .object(members)
    }

    /// Whether a pattern matches a name; a search that takes too long is the last, for others may take as long again.
    private mutating func matches(_ pattern: Pattern, _ name: String) -> Bool {
        guard visits < Self.maximumVisits else { return false }
        do throws(PatternError) {
            let isMatch = try pattern.matches(name, spending: &searchSteps)
            if searchSteps < 0 { visits = Self.maximumVisits }
            return isMatch
        } catch {
            visits = Self.maximumVisits
            return false
        }
    }

    private mutating func coerceElements(_ value: JSON, _ prefix: [Int], _ rest: Int?) -> JSON {
        guard var elements = value.array else { return value }
        for index in elements.indices {
            guard let target = index < prefix.count ? prefix[index] : rest else { break }
            elements[index] = coerce(elements[index], inside: .index(index), to: [target])
        }
        return .array(elements)
    }

    /// Something inside the value, as several nodes want it.
    private mutating func coerce(_ value: JSON, inside step: ViolationReport.Step, to targets: [Int]) -> JSON {
        let outer = wrappings
        wrappings = []
        steps.append(step)
        defer {
            steps.removeLast()
            wrappings = outer
        }
        return targets.reduce(value) { coerce($0, to: $1, within: .all) }
    }

    /// An array of the value alone, where arrays of such values are declared.
    ///
    /// An array of arrays of itself would never end, so the value is put into one array of each kind at most, and no
    /// deeper than a text may nest.
    private mutating func wrapped(_ value: JSON, at node: Int) -> JSON? {
        guard !value.isNull, value != "", let element = program.element(at: node), program.types[element] != .all,
            !wrappings.contains(element), steps.count < JSONLimits().depth
        else { return nil }
        let before = coercions
        _ = note(.arrayFromElement, value, [value])
        steps.append(.index(0))
        wrappings.append(element)
        defer {
            steps.removeLast()
            wrappings.removeLast()
        }
        let coerced = coerce(value, to: element, within: .all)
        if evaluator.accepts(coerced, at: element) { return [coerced] }
        coercions = before
        return nil
    }

    // MARK: - Branches

    /// The value as the one branch wants it that it can be made to fit; where there are several, none was meant more
    /// than the others.
    private mutating func coerce(_ value: JSON, toOneOf branches: [Int], within types: TypeSet) -> JSON {
        var fitting: [(value: JSON, coercions: [Coercion])] = []
        let before = coercions
        for branch in branches {
            coercions = []
            let coerced = coerce(value, to: branch, within: types)
            guard evaluator.accepts(coerced, at: branch) else { continue }
            // It fits as it is, but for how an integer is written.
            if coerced == value {
                coercions = before + coercions
                return coerced
            }
            if !fitting.contains(where: { $0.value == coerced }) { fitting.append((coerced, coercions)) }
        }
        coercions = before
        guard fitting.count == 1 else { return value }
        coercions += fitting[0].coercions
        return fitting[0].value
    }

    private mutating func note(_ rule: Coercion.Rule, _ from: JSON, _ to: JSON) -> JSON {
        let path = steps.map(\.token).joined()
        coercions.append(Coercion(path: path, rule: rule, from: from, to: to))
        return to
    }
}
