import ToolJSON

/// A builder of phrases that describe schemas.
///
/// The number of schemas in a phrase is bounded, because nested alternatives multiply.
struct SchemaPhrases {
    private let program: SchemaProgram
    private var nodesLeft = 64

    init(_ program: SchemaProgram) { self.program = program }

    /// Returns a phrase for a schema: `an integer, at least 1, at most 10`.
    mutating func words(for node: Int) -> String {
        words(for: node, depth: 0)
    }

    /// Returns a phrase for alternatives, one of which must hold.
    mutating func words(forAnyOf branches: [Int]) -> String {
        words(forAnyOf: branches, depth: 0)
    }

    /// Returns a phrase for `oneOf` when more than one schema holds.
    mutating func words(forOneOf holding: [Int]) -> String {
        var words: [String] = []
        for branch in holding.prefix(4) { words.append(self.words(for: branch)) }
        return "only one of: " + Words.list(words, last: "and")
    }

    /// Returns a phrase for `contains`.
    mutating func words(forContains node: Int, atLeast least: Int, atMost most: Int?) -> String {
        let count = most.map { "from \(least) to \($0) items" } ?? "at least " + Words.count(least, "item")
        return "\(count) that \(least == 1 && most == nil ? "is" : "are") \(words(for: node))"
    }

    private mutating func words(forAnyOf branches: [Int], depth: Int) -> String {
        var words: [String] = []
        for branch in branches.prefix(9) {
            let phrase = self.words(for: branch, depth: depth)
            if !words.contains(phrase) { words.append(phrase) }
        }
        return Words.list(words, limit: 8)
    }

    private mutating func words(for node: Int, depth: Int) -> String {
        nodesLeft -= 1
        guard nodesLeft >= 0 else { return "a value" }
        let rules = program.nodes[node].rules
        var phrases: [String] = []
        for rule in rules {
            switch rule {
            case .reference(let target) where depth < 3: phrases.append(words(for: target, depth: depth + 1))
            case .anyOf(let branches) where depth < 3, .oneOf(let branches) where depth < 3:
                phrases.append(words(forAnyOf: branches, depth: depth + 1))
            case .required(let names):
                phrases.append("with " + Words.list(names, last: "and", limit: 6, Words.quoted))
            default: phrases.append(rule.words)
            }
        }
        // Listed values imply the type.
        if phrases.count > 1, case .type? = rules.first, rules.dropFirst().contains(where: \.namesValues) {
            phrases.removeFirst()
        }
        phrases.removeAll(where: \.isEmpty)
        return phrases.isEmpty ? "a value" : Words.shortened(phrases.joined(separator: ", "), to: 300)
    }
}

extension Rule {
    fileprivate var namesValues: Bool {
        switch self {
        case .const, .enumeration: true
        default: false
        }
    }
}
