/// A token of a prompt.
struct Token: Equatable {
    enum Kind: Equatable {
        case word
        case number
        /// A text in quotation marks, without the marks.
        case quoted
        /// `2025-01-31`, with or without a time.
        case date
        /// `Europe/Paris` or `UTC`.
        case zone
        /// `/tmp/x`, `./x`, `Sources/main.swift` or `notes.txt`.
        case path
        /// `https://…` or a mail address.
        case link
        /// A single character that is not part of another token.
        case symbol
    }

    let kind: Kind

    /// The text of the token; for a number, its JSON literal.
    let text: String

    /// The range in the prompt, in Unicode scalars.
    let range: Range<Int>

    let isSentenceStart: Bool

    var lowercased: String { text.lowercased() }

    /// True for a word that begins with a capital letter.
    var isCapitalised: Bool {
        kind == .word && text.unicodeScalars.first?.properties.isUppercase == true
    }

    /// True if an arithmetic operator may follow.
    var endsOperand: Bool {
        kind == .number || text == ")"
    }
}
