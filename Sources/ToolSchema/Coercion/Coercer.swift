import ToolJSON

/// The coercion of a value to the types of a schema, from the outside in.
///
/// The evaluator's budget bounds all work, because branches are tried one after another and nested branches multiply.
struct Coercer {
    let program: SchemaProgram
    var evaluator: Evaluator
    var coercions: [Coercion] = []
    var steps: [ViolationReport.Step] = []
    private var depth = 0

    /// True to remove placeholders for missing values.
    let removesPlaceholders: Bool

    /// The element schemas of the arrays that the current value is being wrapped in, outermost first.
    private var wrappings: [Int] = []

    /// The schema of an array's first element by node, or nil for none.
    private var elements: [Int: Int?] = [:]

    /// The maximum depth, equal to the evaluator's.
    ///
    /// References can form long chains.
    private static let maximumDepth = 1024

    private init(_ evaluator: Evaluator, removesPlaceholders: Bool) {
        program = evaluator.program
        self.evaluator = evaluator
        self.removesPlaceholders = removesPlaceholders
    }

    /// Coerces a value to the types of the evaluator's program.
    static func coerce(
        _ value: JSON,
        with evaluator: inout Evaluator,
        removesPlaceholders: Bool = true
    ) throws(CheckError) -> (value: JSON, coercions: [Coercion]) {
        var coercer = Coercer(evaluator, removesPlaceholders: removesPlaceholders)
        defer { evaluator.budget = coercer.evaluator.budget }
        let coerced = try coercer.coerce(value, to: coercer.program.root, within: .all)
        return (coerced, coercer.coercions)
    }

    mutating func spend(_ steps: Int) throws(CheckError) { try evaluator.budget.spend(steps) }

    /// Coerces a value to the types of a node.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - node: The node.
    ///   - types: The types that other schemas allow for the same value.
    private mutating func coerce(_ value: JSON, to node: Int, within types: TypeSet) throws(CheckError) -> JSON {
        try spend(2 + program.nodes[node].rules.count)
        // The evaluator reports values that are nested too deeply.
        guard depth < Self.maximumDepth else { return value }
        depth += 1
        let entersResource = evaluator.enterResource(of: node)
        defer {
            depth -= 1
            if entersResource { evaluator.leaveResource() }
        }
        let types = types.intersection(program.types[node])
        var value = value
        try spend(Conversion.work(for: value, to: types))
        // A value takes at least 64 bytes of memory.
        let limits = JSONLimits(values: max(1, evaluator.budget.bytesLeft / 64))
        if let (converted, rule) = Conversion.converted(value, to: types, limits: limits) {
            try evaluator.budget.spend(bytes: converted.footprint)
            value = try recorded(rule, value, converted)
        } else if types.contains(.array), !types.contains(.of(value)), let array = try wrapped(value, at: node) {
            // The other rules are skipped: they could wrap the value in one array after another.
            return array
        }
        for rule in program.nodes[node].coercingRules { value = try coerce(value, by: rule, at: node, within: types) }
        return value
    }

    private mutating func coerce(
        _ value: JSON,
        by rule: Rule,
        at node: Int,
        within types: TypeSet
    ) throws(CheckError) -> JSON {
        switch rule {
        case .enumeration(let set): return try allowed(value, set, within: types)
        case .const(let constant):
            return try allowed(value, ValueSet([constant]), within: types)
        case .properties(let rules): return try coerceMembers(value, rules)
        case .items(let prefix, let rest): return try coerceElements(value, prefix, rest)
        case .reference(let target): return try coerce(value, to: target, within: types)
        case .dynamicReference(let target, let anchor):
            let dynamic = try evaluator.dynamicTarget(anchor)
            return try coerce(value, to: dynamic ?? target, within: types)
        case .allOf(let targets):
            var value = value
            for target in targets { value = try coerce(value, to: target, within: types) }
            return value
        case .anyOf(let branches), .oneOf(let branches): return try coerce(value, toOneOf: branches, within: types)
        case .conditional(let condition, let then, let otherwise):
            guard let target = try evaluator.accepts(value, at: condition) ? then : otherwise else { return value }
            return try coerce(value, to: target, within: types)
        default: return value
        }
    }

    // MARK: - Values and elements

    /// Replaces a value by the only allowed value with the same text.
    private mutating func allowed(
        _ value: JSON,
        _ values: ValueSet,
        within types: TypeSet
    ) throws(CheckError) -> JSON {
        guard value.array == nil, value.object == nil,
            !(try values.contains(value, spending: &evaluator.budget)),
            let only = try values.onlyValue(writtenLike: value, spending: &evaluator.budget),
            types.isSuperset(of: .of(only))
        else { return value }
        return try recorded(Conversion.rule(from: value, toAllowed: only), value, only)
    }

    private mutating func coerceElements(_ value: JSON, _ prefix: [Int], _ rest: Int?) throws(CheckError) -> JSON {
        guard let elements = value.array else { return value }
        var coerced = elements
        for (index, element) in elements.enumerated() {
            guard let target = index < prefix.count ? prefix[index] : rest else { break }
            if try isSettled(element, at: target) { continue }
            if let new = try coerce(element, inside: .index(index), to: [target]) { coerced[index] = new }
        }
        return .array(coerced)
    }

    /// Returns true if the coercion to a node cannot change a value: its type is allowed, and no rule coerces.
    mutating func isSettled(_ value: JSON, at node: Int) throws(CheckError) -> Bool {
        let types = program.types[node]
        try spend(2 + Conversion.work(for: value, to: types))
        guard program.nodes[node].coercingRules.isEmpty, types.isSuperset(of: .of(value)) else { return false }
        if case .number(let number) = value { return types.isSuperset(of: .number) || number.isPlainInteger }
        return true
    }

    /// Coerces a member or element to the types of several nodes, or returns nil if it does not change.
    mutating func coerce(
        _ value: JSON,
        inside step: ViolationReport.Step,
        to targets: [Int]
    ) throws(CheckError) -> JSON? {
        if targets.isEmpty { return nil }
        let outer = wrappings
        let known = coercions.count
        wrappings = []
        steps.append(step)
        defer {
            steps.removeLast()
            wrappings = outer
        }
        var value = value
        for target in targets { value = try coerce(value, to: target, within: .all) }
        // Every change is recorded.
        guard coercions.count > known else { return nil }
        return value
    }

    /// Returns an array that contains only the value, if the node declares arrays of such values.
    ///
    /// Recursive array schemas would wrap forever. The value is therefore wrapped at most once for each element schema,
    /// and not deeper than the parser allows.
    private mutating func wrapped(_ value: JSON, at node: Int) throws(CheckError) -> JSON? {
        guard let element = try element(at: node), program.types[element] != .all,
            !wrappings.contains(element), steps.count < JSONLimits().depth
        else { return nil }
        if Conversion.isPlaceholder(value) {
            // A word for `null` can be one of the listed strings.
            guard program.types[element].contains(.string), try listsStrings(element) else { return nil }
        }
        let known = coercions.count
        _ = try recorded(.arrayFromElement, value, [value])
        steps.append(.index(0))
        wrappings.append(element)
        defer {
            steps.removeLast()
            wrappings.removeLast()
        }
        let coerced = try coerce(value, to: element, within: .all)
        if try evaluator.accepts(coerced, at: element) { return [coerced] }
        coercions.removeSubrange(known...)
        return nil
    }

    private mutating func element(at node: Int) throws(CheckError) -> Int? {
        if let element = elements[node] { return element }
        let element = try program.element(at: node, spending: &evaluator.budget)
        elements[node] = .some(element)
        return element
    }

    // MARK: - Branches

    /// Coerces a value to the only branch that accepts the coerced value.
    ///
    /// If several branches do, the value does not change, because the intended one is unknown.
    private mutating func coerce(
        _ value: JSON,
        toOneOf branches: [Int],
        within types: TypeSet
    ) throws(CheckError) -> JSON {
        var fitting: [(value: JSON, coercions: [Coercion])] = []
        let known = coercions.count
        for branch in branches {
            let coerced = try coerce(value, to: branch, within: types)
            guard try evaluator.accepts(coerced, at: branch) else {
                coercions.removeSubrange(known...)
                continue
            }
            // The branch accepts the value itself, apart from the notation of integers.
            if try isEqual(coerced, value) { return coerced }
            var isNew = true
            for other in fitting where isNew { isNew = try !isEqual(other.value, coerced) }
            if isNew { fitting.append((coerced, Array(coercions[known...]))) }
            coercions.removeSubrange(known...)
        }
        guard fitting.count == 1 else { return value }
        coercions += fitting[0].coercions
        return fitting[0].value
    }

    private mutating func isEqual(_ left: JSON, _ right: JSON) throws(CheckError) -> Bool {
        try evaluator.budget.areEqual(left, right)
    }

    private mutating func recorded(_ rule: Coercion.Rule, _ from: JSON, _ to: JSON) throws(CheckError) -> JSON {
        try record(rule, from, to)
        return to
    }

    /// Records a change of the current value.
    mutating func record(_ rule: Coercion.Rule, _ from: JSON, _ to: JSON?) throws(CheckError) {
        try spend(16 + ViolationReport.Step.bytes(of: steps) / 4)
        try evaluator.budget.spend(bytes: 256 + ViolationReport.Step.bytes(of: steps))
        let path = steps.map(\.token).joined()
        coercions.append(Coercion(path: path, rule: rule, from: from, to: to))
    }
}
