import ToolJSON

extension Coercer {
    /// The members of an object as their schemas want them, without the placeholders for optional ones.
    mutating func coerceMembers(_ value: JSON, _ rules: PropertyRules) throws(CheckFault) -> JSON {
        guard let members = value.object else { return value }
        var coerced = members
        var removed: Set<Int> = []
        for (position, (key, member)) in members.enumerated() {
            try spend(2 + key.utf8.count / 32)
            let declared = rules.named[key]
            var targets = declared.map { [$0] } ?? []
            for (pattern, node) in rules.patterns where try pattern.matches(key, spending: &evaluator.budget) {
                targets.append(node)
            }
            if targets.isEmpty, let additional = rules.additional { targets = [additional] }
            let known = coercions.count
            let new = try coerce(member, inside: .key(key), to: targets)
            if let declared, try isUnwanted(member, as: new ?? member, at: declared), try !isRequired(key) {
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

    /// True if a member is a placeholder for no value, and its schema does not accept it.
    private mutating func isUnwanted(_ sent: JSON, as coerced: JSON, at node: Int) throws(CheckFault) -> Bool {
        guard Conversion.isPlaceholder(sent) else { return false }
        try evaluator.budget.spend(reading: sent)
        return try !evaluator.accepts(coerced, at: node)
    }

    /// True if an object needs a member of this name.
    ///
    /// A branch that is not being tried can need it, too; then the object without it does not satisfy the branch.
    private mutating func isRequired(_ name: String) throws(CheckFault) -> Bool {
        var waiting = entries
        while let node = waiting.popLast() {
            for rule in program.nodes[node].rules {
                try spend(1)
                switch rule {
                case .required(let names):
                    try spend(names.count)
                    if names.contains(where: { $0.hasSameBytes(as: name) }) { return true }
                case .reference(let target): waiting.append(target)
                case .allOf(let targets): waiting += targets
                default: break
                }
            }
        }
        return false
    }
}
