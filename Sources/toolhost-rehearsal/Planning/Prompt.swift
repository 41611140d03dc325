/// The user's text, split into tokens.
struct Prompt {
    /// The maximum size of a prompt in bytes.
    ///
    /// The rest is ignored, to limit the time.
    static let maximumBytes = 16 << 10

    let tokens: [Token]
    private let scalars: [Unicode.Scalar]

    init(_ text: String) {
        scalars = Array(String(decoding: text.utf8.prefix(Self.maximumBytes), as: UTF8.self).unicodeScalars)
        var tokenizer = Tokenizer(scalars)
        tokens = tokenizer.run()
    }

    /// Returns the text of some tokens as the user wrote it.
    func text(_ range: Range<Int>) -> String {
        guard let first = tokens[range].first, let last = tokens[range].last else { return "" }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[first.range.lowerBound..<last.range.upperBound])
        return String(text)
    }
}
