/// One piece of a prompt.
struct Token: Equatable {
    enum Kind: Equatable {
        case word
        case number
        /// A text in quotes, without them.
        case quoted
        /// `2025-01-31`, with or without a time.
        case date
        /// `Europe/Paris` or `UTC`.
        case zone
        /// `/tmp/x`, `./x`, `Sources/main.swift` or `notes.txt`.
        case path
        /// `https://…` or an address of mail.
        case link
        /// A single mark.
        case symbol
    }

    let kind: Kind

    /// What it says; of a number the JSON literal.
    let text: String

    /// Where it stands, in scalars.
    let range: Range<Int>

    let isSentenceStart: Bool

    var lowercased: String { text.lowercased() }

    /// Whether it is a word that begins with a capital.
    var isCapitalised: Bool {
        kind == .word && text.unicodeScalars.first?.properties.isUppercase == true
    }

    /// Whether an arithmetic operator may follow.
    var endsOperand: Bool {
        kind == .number || text == ")"
    }
}
