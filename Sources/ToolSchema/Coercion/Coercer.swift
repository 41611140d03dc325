import ToolJSON

/// Brings a value to the types that a program declares, from the outside in.
///
/// All work is charged to the budget of its evaluator: branches are tried one after another, and branches in branches
/// multiply.
struct Coercer {
    let program: SchemaProgram
    var evaluator: Evaluator
    var coercions: [Coercion] = []
    var steps: [ViolationReport.Step] = []
    private var depth = 0

    /// The nodes that the value at hand has to satisfy: its own, and the branches that are being tried.
    var entries: [Int] = []

    /// The element schemas of the arrays into which the value at hand is being put, the outermost first.
    private var wrappings: [Int] = []

    /// The schemas of an array's only element, by the array's own, as far as they were looked for.
    private var elements: [Int: Int?] = [:]

    /// As deep as the evaluator goes: references make long chains.
    private static let maximumDepth = 1024

    private init(_ evaluator: Evaluator) {
        program = evaluator.program
        self.evaluator = evaluator
    }

    /// Brings a value to the types that the evaluator's program declares.
    static func coerce(
        _ value: JSON,
        with evaluator: inout Evaluator
    ) throws(CheckFault) -> (value: JSON, coercions: [Coercion]) {
        var coercer = Coercer(evaluator)
        defer { evaluator.budget = coercer.evaluator.budget }
        let coerced = try coercer.coerce(value, entering: coercer.program.root, within: .all)
        return (coerced, coercer.coercions)
    }

    mutating func spend(_ steps: Int) throws(CheckFault) { try evaluator.budget.spend(steps) }

    /// The value as the node of its own, or of a branch, wants it.
    private mutating func coerce(_ value: JSON, entering node: Int, within types: TypeSet) throws(CheckFault) -> JSON {
        entries.append(node)
        defer { entries.removeLast() }
        return try coerce(value, to: node, within: types)
    }

    /// The value as a node wants it.
    ///
    /// - Parameter types: The types that other schemas allow for the same value.
    private mutating func coerce(_ value: JSON, to node: Int, within types: TypeSet) throws(CheckFault) -> JSON {
        let rules = program.nodes[node].rules
        try spend(2 + rules.count)
        // The evaluator reports that it is too deep.
        guard depth < Self.maximumDepth else { return value }
        depth += 1
        defer { depth -= 1 }
        let types = types.intersection(program.types[node])
        var value = value
        try spend(Conversion.work(for: value, to: types))
        // A value takes 64 bytes and more.
        let limits = JSONLimits(values: max(1, evaluator.budget.bytesLeft / 64))
        if let (converted, rule) = Conversion.converted(value, to: types, limits: limits) {
            try evaluator.budget.spend(bytes: converted.footprint)
            value = try note(rule, value, converted)
        } else if types.contains(.array), !types.contains(.of(value)), let array = try wrapped(value, at: node) {
            // What else is said of its element could ask for one more array around it, and so on.
            return array
        }
        for rule in rules { value = try coerce(value, by: rule, at: node, within: types) }
        return value
    }

    private mutating func coerce(
        _ value: JSON,
        by rule: Rule,
        at node: Int,
        within types: TypeSet
    ) throws(CheckFault) -> JSON {
        switch rule {
        case .enumeration(let set): return try allowed(value, set, within: types)
        case .const(let constant) where constant.array == nil && constant.object == nil:
            return try allowed(value, ValueSet([constant]), within: types)
        case .properties(let rules): return try coerceMembers(value, rules)
        case .items(let prefix, let rest): return try coerceElements(value, prefix, rest)
        case .reference(let target): return try coerce(value, to: target, within: types)
        case .allOf(let targets):
            var value = value
            for target in targets { value = try coerce(value, to: target, within: types) }
            return value
        case .anyOf(let branches), .oneOf(let branches): return try coerce(value, toOneOf: branches, within: types)
        case .conditional(let condition, let then, let otherwise):
            guard let target = try evaluator.accepts(value, at: condition) ? then : otherwise else { return value }
            return try coerce(value, entering: target, within: types)
        default: return value
        }
    }

    // MARK: - Values and elements

    /// The only allowed value that is written like this one.
    private mutating func allowed(
        _ value: JSON,
        _ values: ValueSet,
        within types: TypeSet
    ) throws(CheckFault) -> JSON {
        guard value.array == nil, value.object == nil,
            !(try values.contains(value, spending: &evaluator.budget)),
            let only = try values.onlyValue(writtenLike: value, spending: &evaluator.budget),
            types.isSuperset(of: .of(only))
        else { return value }
        return try note(Conversion.rule(from: value, toAllowed: only), value, only)
    }

    private mutating func coerceElements(_ value: JSON, _ prefix: [Int], _ rest: Int?) throws(CheckFault) -> JSON {
        guard let elements = value.array else { return value }
        var coerced = elements
        for (index, element) in elements.enumerated() {
            guard let target = index < prefix.count ? prefix[index] : rest else { break }
            if let new = try coerce(element, inside: .index(index), to: [target]) { coerced[index] = new }
        }
        return .array(coerced)
    }

    /// Something inside the value, as several nodes want it; `nil` where it stays as it is.
    mutating func coerce(
        _ value: JSON,
        inside step: ViolationReport.Step,
        to targets: [Int]
    ) throws(CheckFault) -> JSON? {
        if targets.isEmpty { return nil }
        let outer = (wrappings, entries)
        let known = coercions.count
        (wrappings, entries) = ([], targets)
        steps.append(step)
        defer {
            steps.removeLast()
            (wrappings, entries) = outer
        }
        var value = value
        for target in targets { value = try coerce(value, to: target, within: .all) }
        // Nothing changes without a note.
        guard coercions.count > known else { return nil }
        return value
    }

    /// An array of the value alone, where arrays of such values are declared.
    ///
    /// An array of arrays of itself would never end, so the value is put into one array of each kind at most, and no
    /// deeper than a text may nest.
    private mutating func wrapped(_ value: JSON, at node: Int) throws(CheckFault) -> JSON? {
        guard let element = try element(at: node), program.types[element] != .all,
            !wrappings.contains(element), steps.count < JSONLimits().depth
        else { return nil }
        if Conversion.isPlaceholder(value), try !listsValues(element) { return nil }
        let known = coercions.count
        _ = try note(.arrayFromElement, value, [value])
        steps.append(.index(0))
        wrappings.append(element)
        let outer = entries
        entries = [element]
        defer {
            steps.removeLast()
            wrappings.removeLast()
            entries = outer
        }
        let coerced = try coerce(value, to: element, within: .all)
        if try evaluator.accepts(coerced, at: element) { return [coerced] }
        coercions.removeSubrange(known...)
        return nil
    }

    private mutating func element(at node: Int) throws(CheckFault) -> Int? {
        if let element = elements[node] { return element }
        let element = try program.element(at: node, spending: &evaluator.budget)
        elements[node] = .some(element)
        return element
    }

    /// True if a node allows certain values only, so that a word for `null` can be one of them.
    private mutating func listsValues(_ node: Int) throws(CheckFault) -> Bool {
        let applied = SchemaProgram.appliedInPlace(at: node, of: program.nodes)
        try spend(8 * applied.count)
        for node in applied {
            for rule in program.nodes[node].rules {
                switch rule {
                case .enumeration, .const: return true
                default: break
                }
            }
        }
        return false
    }

    // MARK: - Branches

    /// The value as the one branch wants it that it can be made to fit; where there are several, none was meant more
    /// than the others.
    private mutating func coerce(
        _ value: JSON,
        toOneOf branches: [Int],
        within types: TypeSet
    ) throws(CheckFault) -> JSON {
        var fitting: [(value: JSON, coercions: [Coercion])] = []
        let known = coercions.count
        for branch in branches {
            let coerced = try coerce(value, entering: branch, within: types)
            guard try evaluator.accepts(coerced, at: branch) else {
                coercions.removeSubrange(known...)
                continue
            }
            // It fits as it is, but for how an integer is written.
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

    private mutating func isEqual(_ left: JSON, _ right: JSON) throws(CheckFault) -> Bool {
        try evaluator.budget.areEqual(left, right)
    }

    private mutating func note(_ rule: Coercion.Rule, _ from: JSON, _ to: JSON) throws(CheckFault) -> JSON {
        try record(rule, from, to)
        return to
    }

    /// Records a change of the value at hand.
    mutating func record(_ rule: Coercion.Rule, _ from: JSON, _ to: JSON?) throws(CheckFault) {
        try spend(16 + ViolationReport.Step.bytes(of: steps) / 4)
        try evaluator.budget.spend(bytes: 256 + ViolationReport.Step.bytes(of: steps))
        let path = steps.map(\.token).joined()
        coercions.append(Coercion(path: path, rule: rule, from: from, to: to))
    }
}
