/// A chooser of tools by the words that they share with a prompt.
///
/// A word that few tools use has more weight.
struct ToolChooser {
    /// A matching tool with the reasons.
    struct Choice {
        let tool: Int
        let score: Double

        /// The shared words, each with its first position in the prompt.
        let words: [(stem: String, position: Int)]

        var firstPosition: Int { words.map(\.position).min() ?? 0 }
    }

    private static let nameWeight = 3.0
    private static let exactNameWeight = 10.0
    private static let threshold = 1.0
    private static let maximumTools = 8

    private let tools: [OfferedTool]
    private let names: [Set<String>]
    private let descriptions: [Set<String>]
    private var frequency: [String: Int] = [:]

    init(_ tools: [OfferedTool]) {
        self.tools = tools
        names = tools.map { Vocabulary.stems(of: $0.name) }
        descriptions = tools.map { Vocabulary.stems(of: $0.description) }
        for (name, description) in zip(names, descriptions) {
            for word in name.union(description) { frequency[word, default: 0] += 1 }
        }
    }

    /// Returns true if any tool uses a word.
    func knows(_ stem: String) -> Bool { frequency[stem] != nil }

    /// Returns the tools that a prompt asks for, in its order.
    ///
    /// The result has the best tool, and others whose words are separated from it by a conjunction.
    func choose(for prompt: Prompt) -> [Choice] {
        var words = promptWords(prompt)
        let conjunctions = prompt.tokens.indices.filter {
            Vocabulary.conjunctions.contains(prompt.tokens[$0].lowercased)
        }
        var chosen: [Choice] = []
        while chosen.count < Self.maximumTools, let best = best(words, without: Set(chosen.map(\.tool))) {
            let isApart = chosen.allSatisfy { other in
                let (low, high) = (
                    min(other.firstPosition, best.firstPosition), max(other.firstPosition, best.firstPosition)
                )
                return conjunctions.contains { low < $0 && $0 < high }
            }
            if isApart, chosen.isEmpty || isNamed(best) { chosen.append(best) }
            let used = Set(best.words.map(\.stem))
            words.removeAll { used.contains($0.stem) }
        }
        return chosen.sorted { $0.firstPosition < $1.firstPosition }
    }

    private func promptWords(_ prompt: Prompt) -> [(stem: String, position: Int)] {
        var seen = Set<String>()
        var words: [(String, Int)] = []
        for (position, token) in prompt.tokens.enumerated() where token.kind == .word {
            // The whole name of a tool refers to that tool, and its parts to any tool.
            let name = token.lowercased
            for stem in [name] + Vocabulary.stems(of: token.text).sorted() where seen.insert(stem).inserted {
                words.append((stem, position))
            }
        }
        return words
    }

    private func isNamed(_ choice: Choice) -> Bool {
        choice.words.contains { names[choice.tool].contains($0.stem) || isName($0.stem, of: choice.tool) }
    }

    private func isName(_ word: String, of tool: Int) -> Bool {
        word.contains("_") && tools[tool].name.lowercased() == word
    }

    private func weight(_ word: String, _ tool: Int) -> Double {
        if isName(word, of: tool) { return Self.exactNameWeight }
        let weight = names[tool].contains(word) ? Self.nameWeight : descriptions[tool].contains(word) ? 1 : 0
        return weight / Double(frequency[word] ?? 1)
    }

    private func best(_ words: [(stem: String, position: Int)], without used: Set<Int>) -> Choice? {
        var best: Choice?
        for tool in tools.indices where !used.contains(tool) {
            let shared = words.filter { weight($0.stem, tool) > 0 }
            let choice = Choice(
                tool: tool,
                score: shared.reduce(0) { $0 + weight($1.stem, tool) },
                words: shared
            )
            // A single shared word of a description is not enough if there is only one tool.
            guard choice.score >= Self.threshold, shared.count > 1 || isNamed(choice) || tools.count > 1 else {
                continue
            }
            if choice.score > best?.score ?? 0 { best = choice }
        }
        return best
    }
}
