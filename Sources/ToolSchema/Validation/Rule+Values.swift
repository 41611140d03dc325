import ToolJSON

extension Rule {
    /// Whether a value keeps a rule that concerns it alone; values of other types keep every rule.
    func isMet(by value: JSON, spending steps: inout Int) throws(PatternError) -> Bool {
        switch self {
        case .never: return false
        case .const(let constant): return value == constant
        case .enumeration(let values): return values.contains(value)
        case .minimum, .exclusiveMinimum, .maximum, .exclusiveMaximum, .multipleOf:
            guard case .number(let number) = value else { return true }
            return isMet(by: number)
        case .minLength, .maxLength, .pattern, .format:
            guard case .string(let text) = value else { return true }
            return try isMet(by: text, spending: &steps)
        case .minItems, .maxItems, .uniqueItems:
            guard case .array(let elements) = value else { return true }
            return isMet(by: elements)
        case .minProperties(let count):
            guard case .object(let members) = value else { return true }
            return members.count >= count
        case .maxProperties(let count):
            guard case .object(let members) = value else { return true }
            return members.count <= count
        default: return true
        }
    }

    private func isMet(by number: JSONNumber) -> Bool {
        switch self {
        case .minimum(let bound): number >= bound
        case .exclusiveMinimum(let bound): number > bound
        case .maximum(let bound): number <= bound
        case .exclusiveMaximum(let bound): number < bound
        case .multipleOf(let divisor): number.isMultiple(of: divisor) ?? false
        default: true
        }
    }

    private func isMet(by text: String, spending steps: inout Int) throws(PatternError) -> Bool {
        switch self {
        // A character is a code point, of one to four bytes: most texts need not be counted.
        case .minLength(let length):
            text.utf8.count >= length && (text.utf8.count / 4 >= length || text.unicodeScalars.count >= length)
        case .maxLength(let length):
            text.utf8.count <= length || (text.utf8.count / 4 <= length && text.unicodeScalars.count <= length)
        case .pattern(_, let pattern): try pattern.matches(text, spending: &steps)
        case .format(_, let format): format.accepts(text)
        default: true
        }
    }

    private func isMet(by elements: [JSON]) -> Bool {
        switch self {
        case .minItems(let count): return elements.count >= count
        case .maxItems(let count): return elements.count <= count
        case .uniqueItems:
            var seen: Set<JSON> = []
            return elements.allSatisfy { seen.insert($0).inserted }
        default: return true
        }
    }
}
