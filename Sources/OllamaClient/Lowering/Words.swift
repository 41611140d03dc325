import ToolJSON

// The words for constraints in a description: short, plain and of bounded length.

extension String {
    /// The most sentences that are added to one text.
    private static let mostSentences = 256

    /// The text with sentences after it, each once.
    func adding(sentences: [String]) -> String {
        var text = self
        for sentence in sentences.prefix(Self.mostSentences) where !text.containsBytes(of: sentence) {
            while text.last?.isWhitespace == true { text.removeLast() }
            if let last = text.last, !".!?:;…".contains(last) { text += "." }
            text += (text.isEmpty ? "" : " ") + sentence
        }
        return text
    }

    /// True if the bytes of another text stand somewhere in this one.
    private func containsBytes(of other: String) -> Bool {
        let (text, wanted) = (utf8Span.span, other.utf8Span.span)
        guard !wanted.isEmpty, wanted.count <= text.count else { return wanted.isEmpty }
        for start in 0...(text.count - wanted.count) where text[start] == wanted[0] {
            var position = 1
            while position < wanted.count, text[start + position] == wanted[position] { position += 1 }
            if position == wanted.count { return true }
        }
        return false
    }

    /// The phrase with a capital and a full stop.
    var asSentence: String {
        prefix(1).uppercased() + dropFirst().endingSentence
    }

    /// A property's name, in quotes where it would not be seen to be one.
    var asName: String {
        // A long name makes a phrase that is too long to be sent.
        let isPlain = !isEmpty && utf8.count <= 200 && allSatisfy { $0.isLetter || $0.isNumber || "_-.$".contains($0) }
        return isPlain ? self : JSON.string(self).text()
    }

    var withoutFullStop: Substring {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return text.last == "." ? text.dropLast() : text
    }
}

extension StringProtocol {
    /// The text with a full stop, unless it has one.
    var endingSentence: String {
        last.map { ".!?…".contains($0) } == true ? String(self) : self + "."
    }
}

extension [String] {
    /// "a, b and c", for the word "and".
    func listed(_ word: String) -> String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " \(word) " + last
    }
}

extension JSON {
    /// A text without its quotes, anything else as JSON.
    var asWord: String { string ?? text() }
}

/// The keywords of a schema that are not described yet.
struct FacetTable {
    private(set) var rest: [UnsupportedKeyword]

    init(_ facets: [UnsupportedKeyword]) { rest = facets }

    /// Takes out a keyword, which allOf may have brought more than once.
    mutating func take(_ keyword: String) -> [UnsupportedKeyword] {
        let taken = rest.filter { $0.keyword == keyword }
        if !taken.isEmpty { rest.removeAll { $0.keyword == keyword } }
        return taken
    }
}
