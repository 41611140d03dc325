import ToolJSON

extension Evaluator {
    /// Checks the rules that apply schemas to elements.
    mutating func checkElements(
        _ rule: Rule,
        of node: Int,
        _ elements: [JSON],
        _ marks: inout Marks?
    ) throws(CheckError) -> Bool {
        switch rule {
        case .items(let prefix, let rest):
            var isValid = true
            for (index, element) in elements.enumerated() {
                guard let target = index < prefix.count ? prefix[index] : rest else { break }
                marks?.insert(index)
                if !(try evaluate(target, inside: .index(index), element)) {
                    isValid = false
                    if report == nil { break }
                }
            }
            return isValid
        case .contains(let target, let least, let most, let marksMatches):
            var matches = marksMatches ? marks.take() : nil
            defer { if marksMatches { marks = matches } }
            return try checkContains(target, atLeast: least, atMost: most, rule, of: node, elements, &matches)
        case .unevaluatedItems(let target):
            var isValid = true
            for (index, element) in elements.enumerated() {
                try budget.spend()
                if marks?.contains(index) == true { continue }
                if try evaluate(target, inside: .index(index), element) {
                    marks?.insert(index)
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
        _ marks: inout Marks?
    ) throws(CheckError) -> Bool {
        var count = 0
        for (index, element) in elements.enumerated() {
            var unmarked: Marks?
            guard try evaluateQuietly(target, element, &unmarked) else { continue }
            count += 1
            marks?.insert(index)
            // Enough is known, unless somebody asks which elements were looked at.
            if marks == nil, most.map({ count > $0 }) ?? (count >= least) { break }
        }
        if count >= least, count <= most ?? Int.max { return true }
        var phrases = SchemaPhrases(program)
        let expected = report.map { _ in phrases.words(forContains: target, atLeast: least, atMost: most) }
        return try fail(rule, of: node, .array(elements), expected: expected)
    }
}
