import ToolJSON

extension SchemaProgram {
    /// Whether nothing satisfies a node, as `false` says.
    func isNever(_ node: Int) -> Bool {
        if case .never? = nodes[node].rules.first { true } else { false }
    }

    /// Whether some keyword of a node, or of those that apply to the same value, speaks of a member.
    func declares(_ name: String, at node: Int) -> Bool {
        appliedInPlace(at: node).contains { node in
            nodes[node].rules.contains { rule in
                guard case .properties(let rules) = rule else { return false }
                return rules.named[name] != nil || rules.additional.map { !isNever($0) } == true
                    || rules.patterns.contains { (try? $0.pattern.matches(name)) ?? false }
            }
        }
    }

    /// The schema of a declared member.
    func property(_ name: String, at node: Int) -> Int? {
        for node in appliedInPlace(at: node) {
            for case .properties(let rules) in nodes[node].rules {
                if let property = rules.named[name] { return property }
            }
        }
        return nil
    }

    /// The schema of an array's only element.
    func element(at node: Int) -> Int? {
        for node in appliedInPlace(at: node) {
            for case .items(let prefix, let rest) in nodes[node].rules {
                if let element = prefix.first ?? rest { return element }
            }
        }
        return nil
    }

    /// The undeclared member that stands for one that is missing: the one with the nearest name, or the only one.
    func undeclaredName(meaning name: String, in members: JSONObject, required: [String], at node: Int) -> String? {
        let undeclared = members.keys.filter { !declares($0, at: node) }
        if let near = Nearest.name(to: name, among: undeclared) { return near }
        let missing = required.filter { members[$0] == nil }
        return undeclared.count == 1 && missing.count == 1 ? Words.quoted(undeclared[0]) : nil
    }

    /// A node and all that apply to the same value.
    private func appliedInPlace(at node: Int) -> [Int] {
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
    /// The nodes that its rules apply to the very same value.
    var appliedInPlace: [Int] {
        rules.flatMap { rule -> [Int] in
            switch rule {
            case .reference(let node), .not(let node): [node]
            case .allOf(let nodes), .anyOf(let nodes), .oneOf(let nodes): nodes
            case .conditional(let condition, let then, let otherwise): [condition, then, otherwise].compactMap(\.self)
            case .dependentSchemas(let dependents): dependents.map(\.node)
            default: []
            }
        }
    }
}

extension Rule {
    /// The types that a value may have to keep the rule.
    ///
    /// - Parameter types: The same for the nodes it applies in place.
    func types(_ types: [TypeSet]) -> TypeSet {
        switch self {
        case .never: []
        case .type(let own): own
        case .const(let value): .of(value)
        case .enumeration(let values): values.reduce([]) { $0.union(.of($1)) }
        case .reference(let node): types[node]
        case .allOf(let nodes): nodes.reduce(.all) { $0.intersection(types[$1]) }
        case .anyOf(let nodes), .oneOf(let nodes): nodes.reduce([]) { $0.union(types[$1]) }
        default: .all
        }
    }
}
