import ToolJSON

// The phrases for constraints in a description: short, plain and of bounded length.

extension String {
    /// The maximum number of sentences that are added to one string.
    private static let maximumSentences = 256

    /// Returns the string with sentences after it, each once.
    func appending(sentences: [String]) -> String {
        var text = self
        for sentence in sentences.prefix(Self.maximumSentences) where !text.containsBytes(of: sentence) {
            while text.last?.isWhitespace == true { text.removeLast() }
            if let last = text.last, !".!?:;…".contains(last) { text += "." }
            text += (text.isEmpty ? "" : " ") + sentence
        }
        return text
    }

    /// True if the bytes of another string occur in this one.
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

    /// The phrase with a capital letter and a full stop.
    var asSentence: String {
        prefix(1).uppercased() + dropFirst().withFullStop
    }

    /// The string as a property's name, in quotation marks if it does not look like a name.
    var asPropertyName: String {
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
    /// The string with a full stop, unless it ends a sentence already.
    var withFullStop: String {
        last.map { ".!?…".contains($0) } == true ? String(self) : self + "."
    }
}

extension [String] {
    /// Returns "a, b and c" for the conjunction "and".
    func joined(conjunction: String) -> String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " \(conjunction) " + last
    }
}
