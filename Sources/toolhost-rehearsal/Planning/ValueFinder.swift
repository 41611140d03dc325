import ToolJSON

/// A finder of values in a part of a prompt.
struct ValueFinder {
    let prompt: Prompt
    let range: Range<Int>

    /// The function that recognises words of the tools, which are not names.
    let isToolWord: (String) -> Bool

    private var tokens: ArraySlice<Token> { prompt.tokens[range] }

    private func texts(_ kind: Token.Kind) -> [String] {
        tokens.filter { $0.kind == kind }.map(\.text)
    }

    /// Returns the values of a source, in the prompt's order.
    ///
    /// - Parameter insists: True to also accept values that are less likely, for a required parameter.
    func values(_ source: ValueSource, insists: Bool) -> [JSON] {
        switch source {
        case .number: texts(.number).compactMap { JSONNumber(literal: $0) }.map(JSON.number)
        case .date: strings([texts(.date), insists ? texts(.quoted) : []])
        case .zone: strings([texts(.zone), insists ? texts(.quoted) : [], insists ? names : []])
        case .path: strings([texts(.path), texts(.quoted)])
        case .link: strings([texts(.link), texts(.quoted)])
        case .formula: strings([formula, texts(.quoted), insists ? remainder : []])
        case .prose: strings([texts(.quoted), insists ? remainder : [], insists ? [whole] : []])
        case .name: strings([texts(.quoted), names, insists ? anyName : []])
        case .choice(let members): choices(members)
        case .flag, .list: []
        }
    }

    /// Returns the strings of the first group that is not empty, each once.
    private func strings(_ groups: [[String]]) -> [JSON] {
        var seen = Set<String>()
        return (groups.first { !$0.isEmpty } ?? []).filter { seen.insert($0).inserted }.map(JSON.string)
    }

    private var formula: [String] {
        ArithmeticExpression.first(in: prompt).map { [prompt.text($0.tokens)] } ?? []
    }

    private var anyName: [String] {
        for group in [texts(.zone) + texts(.date) + texts(.path) + texts(.link), phrases, remainder]
        where !group.isEmpty {
            return group
        }
        return []
    }

    // MARK: - Names

    /// The sequences of capitalised words, such as "New York" or "Rio de Janeiro".
    var names: [String] {
        var names: [String] = []
        var start: Int?
        var end = range.lowerBound
        for index in range {
            let token = prompt.tokens[index]
            if isNamePart(token) {
                start = start ?? index
                end = index + 1
            } else if start != nil, index == end, Vocabulary.nameParticles.contains(token.text),
                index + 1 < range.upperBound, isNamePart(prompt.tokens[index + 1])
            {
                end = index + 1
            } else {
                if let start { names.append(name(start..<end)) }
                start = nil
            }
        }
        if let start { names.append(name(start..<end)) }
        return names
    }

    private func name(_ range: Range<Int>) -> String {
        // Join the tokens, because "London's" has lost its ending.
        prompt.tokens[range].map(\.text).joined(separator: " ")
    }

    private func isNamePart(_ token: Token) -> Bool {
        guard token.isCapitalised, !Vocabulary.stopWords.contains(token.lowercased) else { return false }
        return !token.isSentenceStart
            || !(Vocabulary.imperatives.contains(token.lowercased) || isToolWord(Vocabulary.stem(token.lowercased)))
    }

    /// The words after the first preposition with any, as in "in new york and london".
    private var phrases: [String] {
        for index in range where Vocabulary.prepositions.contains(prompt.tokens[index].lowercased) {
            let found = phrases(from: index + 1)
            if !found.isEmpty { return found }
        }
        return []
    }

    private func phrases(from start: Int) -> [String] {
        var phrases: [[String]] = [[]]
        loop: for token in prompt.tokens[start..<max(start, range.upperBound)] {
            switch token.lowercased {
            case "and", "or", ",": phrases.append([])
            case "the", "a", "an": continue
            case let word where token.kind == .word && !Vocabulary.stopWords.contains(word):
                phrases[phrases.count - 1].append(token.text)
            default: break loop
            }
        }
        return phrases.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
    }

    // MARK: - Free text

    /// Returns the text after the tool's own words.
    private var remainder: [String] {
        var start = range.lowerBound
        if let verb = range.first(where: { isOwnWord(prompt.tokens[$0]) }) { start = verb + 1 }
        while start < range.upperBound, isFiller(prompt.tokens[start]) { start += 1 }
        var end = range.upperBound
        while end > start, prompt.tokens[end - 1].kind == .symbol { end -= 1 }
        return start < end ? [prompt.text(start..<end)] : []
    }

    private var whole: String { prompt.text(range) }

    private func isOwnWord(_ token: Token) -> Bool {
        token.kind == .word && isToolWord(Vocabulary.stem(token.lowercased))
    }

    private func isFiller(_ token: Token) -> Bool {
        token.kind == .symbol || isOwnWord(token)
            || token.kind == .word && Vocabulary.stopWords.contains(token.lowercased)
    }

    // MARK: - Choices, flags and lists

    /// Returns the members of an enumeration that the prompt contains, in its order.
    func choices(_ choices: [JSON]) -> [JSON] {
        var first: [String: Int] = [:]
        for (index, token) in zip(range, tokens) where first[token.lowercased] == nil {
            first[token.lowercased] = index
            let stem = Vocabulary.stem(token.lowercased)
            first[stem] = first[stem] ?? index
        }
        let found = choices.prefix(256).compactMap { choice -> (JSON, Int)? in
            let text = (choice.string ?? choice.text()).lowercased()
            let parts = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
            let whole = first[text] ?? first[Vocabulary.stem(text)]
            let places = parts.compactMap { first[$0] ?? first[Vocabulary.stem($0)] }
            let inParts = parts.count > 1 && places.count == parts.count ? places.min() : nil
            return (whole ?? inParts).map { (choice, $0) }
        }
        return found.sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// Returns true or false if the prompt turns a flag on or off, and nil if it does not mention the flag.
    func flag(_ name: String) -> Bool? {
        let words = Vocabulary.stems(of: name)
        for index in range where prompt.tokens[index].kind == .word {
            guard !words.isDisjoint(with: Vocabulary.stems(of: prompt.tokens[index].text)) else { continue }
            let context = prompt.tokens[max(range.lowerBound, index - 2)..<min(range.upperBound, index + 3)]
            return context.allSatisfy {
                !["no", "not", "without", "non", "don't", "false", "off"].contains($0.lowercased)
            }
        }
        return nil
    }

    /// Returns the values in the prompt that can be elements of an array.
    func list(_ parameter: Parameter) -> [JSON] {
        if !parameter.itemChoices.isEmpty { return choices(parameter.itemChoices) }
        let types = parameter.itemTypes
        if types.contains("integer") || types.contains("number") {
            return values(.number, insists: true).filter { types.contains("number") || $0.int != nil }
        }
        guard types.isEmpty || types.contains("string") else { return [] }
        for source in [ValueSource.name, .path, .zone, .date, .link] {
            let found = values(source, insists: false)
            if !found.isEmpty { return found }
        }
        return parameter.isRequired ? values(.name, insists: true) : []
    }
}
