import ToolJSON

extension Evaluator {
    /// Checks the rules that apply schemas to elements.
    mutating func checkElements(
        _ rule: Rule,
        of node: Int,
        _ elements: [JSON],
        _ evaluated: inout EvaluatedParts?
    ) throws(CheckError) -> Bool {
        switch rule {
        case .items(let prefix, let rest):
            var isValid = true
            for (index, element) in elements.enumerated() {
                guard let target = index < prefix.count ? prefix[index] : rest else { break }
                evaluated?.insert(index)
                if !(try evaluate(target, inside: .index(index), element)) {
                    isValid = false
                    if report == nil { break }
                }
            }
            return isValid
        case .contains(let target, let least, let most, let marksEvaluated):
            var matches = marksEvaluated ? evaluated.take() : nil
            defer { if marksEvaluated { evaluated = matches } }
            return try checkContains(target, atLeast: least, atMost: most, rule, of: node, elements, &matches)
        case .unevaluatedItems(let target):
            var isValid = true
            for (index, element) in elements.enumerated() {
                try budget.spend()
                if evaluated?.contains(index) == true { continue }
                if try evaluate(target, inside: .index(index), element) {
                    evaluated?.insert(index)
                } else {
                    isValid = false
                    if report == nil { break }
                }
            }
            return isValid
        default:
            return true
        }
    }

    private mutating func checkContains(
        _ target: Int,
        atLeast least: Int,
        atMost most: Int?,
        _ rule: Rule,
        of node: Int,
        _ elements: [JSON],
        _ evaluated: inout EvaluatedParts?
    ) throws(CheckError) -> Bool {
        var count = 0
        for (index, element) in elements.enumerated() {
            var untracked: EvaluatedParts?
            guard try evaluateQuietly(target, element, &untracked) else { continue }
            count += 1
            evaluated?.insert(index)
            // Stop as soon as the result is certain, unless the evaluated elements are tracked.
            if evaluated == nil, most.map({ count > $0 }) ?? (count >= least) { break }
        }
        if count >= least, count <= most ?? Int.max { return true }
        var phrases = SchemaPhrases(program)
        let expected = report.map { _ in phrases.words(forContains: target, atLeast: least, atMost: most) }
        return try fail(rule, of: node, .array(elements), expected: expected)
    }
}
