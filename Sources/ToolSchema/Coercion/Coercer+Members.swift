import ToolJSON

extension Coercer {
    /// Coerces the members of an object and removes placeholders for missing values.
    ///
    /// Required members are not distinguished: if one is removed, the object is rejected and placeholders are kept.
    mutating func coerceMembers(_ value: JSON, _ rules: PropertyRules) throws(CheckError) -> JSON {
        guard let members = value.object else { return value }
        var coerced = members
        var removed: Set<Int> = []
        for (position, (key, member)) in members.enumerated() {
            try spend(2 + key.utf8.count / 32)
            let declared = rules.named.entry(of: key, near: position)
            let known = coercions.count
            let new = try coerce(member, named: key, declared, rules)
            if let declared, try isRejectedPlaceholder(member, as: new ?? member, at: declared) {
                coercions.removeSubrange(known...)
                steps.append(.key(key))
                defer { steps.removeLast() }
                try record(.placeholderRemoved, member, nil)
                removed.insert(position)
            } else if let new {
                coerced[key] = new
            }
        }
        if removed.isEmpty { return .object(coerced) }
        let kept = coerced.enumerated().filter { !removed.contains($0.offset) }
        return .object(JSONObject(kept.map { ($0.element.key, $0.element.value) }))
    }

    /// Coerces a member to the nodes that the rules apply to it, or returns nil if it does not change.
    private mutating func coerce(
        _ member: JSON,
        named key: String,
        _ declared: Int?,
        _ rules: PropertyRules
    ) throws(CheckError) -> JSON? {
        if rules.patterns.isEmpty {
            guard let target = declared ?? rules.additional, !(try isSettled(member, at: target)) else { return nil }
            return try coerce(member, inside: .key(key), to: [target])
        }
        var targets = declared.map { [$0] } ?? []
        for (pattern, node) in rules.patterns where try pattern.matches(key, spending: &evaluator.budget) {
            targets.append(node)
        }
        if targets.isEmpty, let additional = rules.additional { targets = [additional] }
        return try coerce(member, inside: .key(key), to: targets)
    }

    /// Returns true if a member is a placeholder for a missing value and its schema does not accept it.
    ///
    /// If the schema accepts arbitrary strings of some form, an empty string is a mistake rather than a placeholder.
    private mutating func isRejectedPlaceholder(_ sent: JSON, as coerced: JSON, at node: Int) throws(CheckError) -> Bool
    {
        guard removesPlaceholders, Conversion.isPlaceholder(sent) else { return false }
        if !sent.isNull, !(try listsStrings(node)) { return false }
        try evaluator.budget.spend(reading: sent)
        return try !evaluator.accepts(coerced, at: node)
    }

    /// Returns true if a node accepts no strings, or lists the accepted ones.
    ///
    /// - Parameters:
    ///   - node: The node.
    ///   - depth: The maximum depth of references and branches.
    mutating func listsStrings(_ node: Int, depth: Int = 8) throws(CheckError) -> Bool {
        try spend(2 + program.nodes[node].rules.count)
        if !program.types[node].contains(.string) { return true }
        guard depth > 0 else { return false }
        for rule in program.nodes[node].rules {
            switch rule {
            case .enumeration, .const: return true
            case .reference(let target): if try listsStrings(target, depth: depth - 1) { return true }
            case .allOf(let targets):
                for target in targets where try listsStrings(target, depth: depth - 1) { return true }
            case .anyOf(let branches), .oneOf(let branches):
                var areListed = true
                for branch in branches where areListed { areListed = try listsStrings(branch, depth: depth - 1) }
                if areListed { return true }
            default: break
            }
        }
        return false
    }
}
