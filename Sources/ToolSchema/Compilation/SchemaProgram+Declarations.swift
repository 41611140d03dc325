import ToolJSON

extension SchemaProgram {
    /// Returns true if a node is the schema `false`.
    func isNever(_ node: Int) -> Bool { nodes[node].isNever }

    /// Returns the rules for members, from a node and from all nodes that it applies to the same value.
    func propertyRules(at node: Int, spending budget: inout WorkBudget) throws(CheckError) -> [PropertyRules] {
        if node == root { return rootProperties }
        let applied = Self.appliedInPlace(at: node, of: nodes)
        try budget.spend(8 * applied.count)
        return applied.flatMap { nodes[$0].propertyRules }
    }

    /// Returns the names that none of the rules declares.
    func undeclaredNames(
        of names: some Sequence<String>,
        by rules: [PropertyRules],
        spending budget: inout WorkBudget
    ) throws(CheckError) -> [String] {
        if rules.contains(where: { $0.additional.map { !isNever($0) } == true }) { return [] }
        var undeclared: [String] = []
        for (position, name) in names.enumerated() {
            try budget.spend(2 * rules.count + 1)
            if rules.contains(where: { $0.named.entry(of: name, near: position) != nil }) { continue }
            var isDeclared = false
            for rule in rules where !isDeclared {
                for (pattern, _) in rule.patterns where try pattern.matches(name, spending: &budget) {
                    isDeclared = true
                    break
                }
            }
            if !isDeclared { undeclared.append(name) }
        }
        return undeclared
    }

    /// Returns the schema of an array's first element, or nil if the node declares none.
    func element(at node: Int, spending budget: inout WorkBudget) throws(CheckError) -> Int? {
        let applied = Self.appliedInPlace(at: node, of: nodes)
        try budget.spend(8 * applied.count)
        for node in applied {
            for case .items(let prefix, let rest) in nodes[node].rules {
                if let element = prefix.first ?? rest { return element }
            }
        }
        return nil
    }

    /// Returns a node and all nodes that it applies to the same value.
    static func appliedInPlace(at node: Int, of nodes: [SchemaNode]) -> [Int] {
        var found = [node]
        var seen: Set<Int> = [node]
        var next = 0
        while next < found.count {
            for other in nodes[found[next]].appliedInPlace where seen.insert(other).inserted { found.append(other) }
            next += 1
        }
        return found
    }
}

extension SchemaNode {
    /// True for the schema `false`.
    var isNever: Bool {
        if case .never? = rules.first { true } else { false }
    }

    /// The node's rules for members.
    var propertyRules: [PropertyRules] {
        rules.compactMap { rule in
            if case .properties(let rules) = rule { rules } else { nil }
        }
    }

    /// The nodes that the node's rules apply to the same value.
    var appliedInPlace: [Int] {
        rules.flatMap { rule -> [Int] in
            switch rule {
            case .reference(let node), .not(let node): [node]
            case .allOf(let nodes), .anyOf(let nodes), .oneOf(let nodes): nodes
            case .conditional(let condition, let then, let otherwise): [condition, then, otherwise].compactMap(\.self)
            case .dependentSchemas(let dependents): dependents.entries
            default: []
            }
        }
    }
}

extension Rule {
    /// Returns the types of values that can satisfy the rule.
    ///
    /// - Parameter types: The types of each node, complete for the nodes that the rule applies to the same value.
    func types(_ types: [TypeSet]) -> TypeSet {
        switch self {
        case .never: []
        case .type(let own): own
        case .const(let value): .of(value)
        case .enumeration(let set): set.values.reduce([]) { $0.union(.of($1)) }
        case .reference(let node): types[node]
        case .allOf(let nodes): nodes.reduce(.all) { $0.intersection(types[$1]) }
        case .anyOf(let nodes), .oneOf(let nodes): nodes.reduce([]) { $0.union(types[$1]) }
        default: .all
        }
    }
}
