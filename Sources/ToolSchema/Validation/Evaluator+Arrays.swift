import ToolJSON

extension Evaluator {
    /// Checks the rules that apply schemas to elements.
    mutating func checkElements(
        _ rule: Rule,
        of node: Int,
        _ elements: [JSON],
        _ marks: inout Marks?
    ) throws(Fault) -> Bool {
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
        case .contains(let target, let least, let most):
            var count = 0
            for (index, element) in elements.enumerated() {
                var unmarked: Marks?
                guard try evaluateQuietly(target, element, &unmarked) else { continue }
                count += 1
                marks?.insert(index)
            }
            return count >= least && count <= most ?? Int.max
                || fail(rule, of: node, .array(elements), expected: { $0.words(forContains: rule) })
        case .unevaluatedItems(let target):
            var isValid = true
            for (index, element) in elements.enumerated() where marks?.contains(index) != true {
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
}
