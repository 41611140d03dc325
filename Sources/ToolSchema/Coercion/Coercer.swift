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

    /// True if placeholders for no value are removed.
    let removesPlaceholders: Bool

    /// The element schemas of the arrays into which the current value is being put, the outermost first.
    private var wrappings: [Int] = []

    /// The schemas of an array's only element, by the node of the array: nil for none.
    private var elements: [Int: Int?] = [:]

    /// As deep as the evaluator goes: references make long chains.
    private static let maximumDepth = 1024

    private init(_ evaluator: Evaluator, removesPlaceholders: Bool) {
        program = evaluator.program
        self.evaluator = evaluator
        self.removesPlaceholders = removesPlaceholders
    }

    /// Brings a value to the types that the evaluator's program declares.
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

    /// Brings a value to the types that a node declares.
    ///
    /// - Parameter types: The types that other schemas allow for the same value.
    private mutating func coerce(_ value: JSON, to node: Int, within types: TypeSet) throws(CheckError) -> JSON {
        let rules = program.nodes[node].rules
        try spend(2 + rules.count)
        // The evaluator reports that it is too deep.
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
    ) throws(CheckError) -> JSON {
        switch rule {
        case .enumeration(let set): return try allowed(value, set, within: types)
        case .const(let constant) where constant.array == nil && constant.object == nil:
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

    /// Replaces a value by the only allowed one that is written like it.
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
        return try note(Conversion.rule(from: value, toAllowed: only), value, only)
    }

    private mutating func coerceElements(_ value: JSON, _ prefix: [Int], _ rest: Int?) throws(CheckError) -> JSON {
        guard let elements = value.array else { return value }
        var coerced = elements
        for (index, element) in elements.enumerated() {
            guard let target = index < prefix.count ? prefix[index] : rest else { break }
            if let new = try coerce(element, inside: .index(index), to: [target]) { coerced[index] = new }
        }
        return .array(coerced)
    }

    /// Brings something inside the value to the types that several nodes declare; nil if it does not change.
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
        // Nothing changes without a note.
        guard coercions.count > known else { return nil }
        return value
    }

    /// An array of the value alone, where arrays of such values are declared.
    ///
    /// An array of arrays of itself would never end, so the value is put into one array of each kind at most, and no
    /// deeper than a text may nest.
    private mutating func wrapped(_ value: JSON, at node: Int) throws(CheckError) -> JSON? {
        guard let element = try element(at: node), program.types[element] != .all,
            !wrappings.contains(element), steps.count < JSONLimits().depth
        else { return nil }
        if Conversion.isPlaceholder(value) {
            // A word for `null` can be one of the values.
            guard program.types[element].contains(.string), try listsStrings(element) else { return nil }
        }
        let known = coercions.count
        _ = try note(.arrayFromElement, value, [value])
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

    /// Brings a value to the only branch that it can be made to fit.
    ///
    /// With several such branches it does not change: none was meant more than the others.
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

    private mutating func isEqual(_ left: JSON, _ right: JSON) throws(CheckError) -> Bool {
        try evaluator.budget.areEqual(left, right)
    }

    private mutating func note(_ rule: Coercion.Rule, _ from: JSON, _ to: JSON) throws(CheckError) -> JSON {
        try record(rule, from, to)
        return to
    }

    /// Records a change of the value at hand.
    mutating func record(_ rule: Coercion.Rule, _ from: JSON, _ to: JSON?) throws(CheckError) {
        try spend(16 + ViolationReport.Step.bytes(of: steps) / 4)
        try evaluator.budget.spend(bytes: 256 + ViolationReport.Step.bytes(of: steps))
        let path = steps.map(\.token).joined()
        coercions.append(Coercion(path: path, rule: rule, from: from, to: to))
    }
}
