/// The user's words, cut into tokens.
struct Prompt {
    /// The maximum size of a prompt; the rest is ignored, so that no prompt takes long.
    static let maximumBytes = 16 << 10

    let tokens: [Token]
    private let scalars: [Unicode.Scalar]

    init(_ text: String) {
        scalars = Array(String(decoding: text.utf8.prefix(Self.maximumBytes), as: UTF8.self).unicodeScalars)
        var tokenizer = Tokenizer(scalars)
        tokens = tokenizer.run()
    }

    /// The text of some tokens as it was written.
    func text(_ range: Range<Int>) -> String {
        guard let first = tokens[range].first, let last = tokens[range].last else { return "" }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[first.range.lowerBound..<last.range.upperBound])
        return String(text)
    }
}
