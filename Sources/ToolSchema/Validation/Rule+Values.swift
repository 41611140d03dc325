import ToolJSON

extension Rule {
    /// Returns true if a value satisfies a rule without subschemas.
    ///
    /// Values of other types satisfy the rule.
    func isMet(by value: JSON, spending budget: inout WorkBudget) throws(CheckError) -> Bool {
        switch self {
        case .never: return false
        case .const(let constant): return try budget.areEqual(constant, value)
        case .enumeration(let set): return try set.contains(value, spending: &budget)
        case .minimum, .exclusiveMinimum, .maximum, .exclusiveMaximum, .multipleOf:
            guard case .number(let number) = value else { return true }
            return try isMet(by: number, spending: &budget)
        case .minLength, .maxLength, .pattern, .format:
            guard case .string(let text) = value else { return true }
            return try isMet(by: text, spending: &budget)
        case .minItems, .maxItems, .uniqueItems:
            guard case .array(let elements) = value else { return true }
            return try isMet(by: elements, spending: &budget)
        case .minProperties(let count):
            guard case .object(let members) = value else { return true }
            return members.count >= count
        case .maxProperties(let count):
            guard case .object(let members) = value else { return true }
            return members.count <= count
        default: return true
        }
    }

    private func isMet(by number: JSONNumber, spending budget: inout WorkBudget) throws(CheckError) -> Bool {
        switch self {
        case .minimum(let bound):
            try budget.spend(comparing: number, bound)
            return number >= bound
        case .exclusiveMinimum(let bound):
            try budget.spend(comparing: number, bound)
            return number > bound
        case .maximum(let bound):
            try budget.spend(comparing: number, bound)
            return number <= bound
        case .exclusiveMaximum(let bound):
            try budget.spend(comparing: number, bound)
            return number < bound
        case .multipleOf(let divisor):
            // The cost is a division for each digit, and some for the exponent.
            if number.weight > 1 || divisor.weight > 1 { try budget.spend(64 + 2 * (number.weight + divisor.weight)) }
            return number.isMultiple(of: divisor) ?? false
        default: return true
        }
    }

    private func isMet(by text: String, spending budget: inout WorkBudget) throws(CheckError) -> Bool {
        switch self {
        // A character is a code point of one to four bytes, so the length in bytes decides most cases.
        case .minLength(let length):
            if text.utf8.count < length { return false }
            if text.utf8.count / 4 >= length { return true }
            try budget.spend(1 + text.utf8.count / 16)
            return text.unicodeScalars.count >= length
        case .maxLength(let length):
            if text.utf8.count <= length { return true }
            if text.utf8.count / 4 > length { return false }
            try budget.spend(1 + text.utf8.count / 16)
            return text.unicodeScalars.count <= length
        case .pattern(_, let pattern): return try pattern.matches(text, spending: &budget)
        case .format(_, let format):
            try budget.spend(format.work(for: text))
            return format.accepts(text)
        default: return true
        }
    }

    private func isMet(by elements: [JSON], spending budget: inout WorkBudget) throws(CheckError) -> Bool {
        switch self {
        case .minItems(let count): return elements.count >= count
        case .maxItems(let count): return elements.count <= count
        case .uniqueItems:
            var seen: Set<JSON> = []
            for element in elements {
                // An element is hashed twice on average, as the set grows, and compared with those in the same bucket.
                try budget.spend(12)
                for _ in 0..<2 { try budget.spend(reading: element) }
                guard seen.insert(element).inserted else { return false }
            }
            return true
        default: return true
        }
    }
}

extension WorkBudget {
    /// Spends the steps of comparing two numbers.
    fileprivate mutating func spend(comparing left: JSONNumber, _ right: JSONNumber) throws(CheckError) {
        try spend((left.weight + right.weight) / 2)
    }
}
