/// The words of a text in the form in which a search compares them: lower case, without endings and common words.
struct SearchWords {
    /// The words in order, without those that say nothing about a tool.
    let words: [String]

    private static let maximumLength = 32

    private static let common = Set(
        """
        a an and are as at be by can could do does for from get give has have how i if in into is it its let made make me \
        my of on or our please s show so tell that the their them then there these this those to up us use want was we \
        what when where which who will with would you your
        """.split(separator: " ").map(String.init)
    )

    /// Reads the words of a text.
    ///
    /// A word also begins at an upper-case letter after a lower-case one, as in `readFile`, and where letters and digits
    /// meet.
    ///
    /// - Parameter limit: The maximum number of words. The rest of the text is not read.
    init(_ text: String, limit: Int) {
        var words: [String] = []
        var word = ""
        var length = 0
        var last = Kind.other
        func end() {
            if !word.isEmpty, !Self.common.contains(word) { words.append(Self.stem(word)) }
            (word, length) = ("", 0)
        }
        for scalar in text.unicodeScalars {
            let kind = Kind(scalar)
            if kind != last, !(kind == .lower && last == .upper) { end() }
            // "HTTPServer" is http and server.
            if kind == .lower, last == .upper, length > 1, let initial = word.popLast() {
                end()
                (word, length) = (String(initial), 1)
            }
            last = kind
            if words.count >= limit { break }
            guard kind != .other, length < Self.maximumLength else { continue }
            word += scalar.properties.lowercaseMapping
            length += 1
        }
        end()
        self.words = Array(words.prefix(limit))
    }

    private enum Kind {
        case lower, upper, digit, other

        init(_ scalar: Unicode.Scalar) {
            switch scalar {
            case "a"..."z": self = .lower
            case "A"..."Z": self = .upper
            case "0"..."9": self = .digit
            case _ where scalar.isASCII: self = .other
            case _ where scalar.properties.isUppercase: self = .upper
            case _ where scalar.properties.isAlphabetic: self = .lower
            default: self = .other
            }
        }
    }

    /// Returns a word without the endings of English plurals and verbs.
    private static func stem(_ word: String) -> String {
        var word = word[...]
        var count = word.count
        func drop(_ suffix: String, replacement: String = "") {
            word = word.dropLast(suffix.count) + replacement
            count = word.count
        }
        if count > 4, word.hasSuffix("ies") {
            drop("ies", replacement: "y")
        } else if count > 3, word.hasSuffix("s"), !["ss", "us", "is"].contains(where: word.hasSuffix) {
            drop("s")
        }
        if let suffix = ["ing", "ed"].first(where: { count >= $0.count + 3 && word.hasSuffix($0) }) {
            drop(suffix)
            // "running" is run, and "selling" is sell.
            if count > 3, let last = word.last, word.dropLast().last == last, !"lsz".contains(last) { drop("x") }
        }
        if count >= 6, word.hasSuffix("tion") || word.hasSuffix("sion") { drop("ion") }
        if count > 4, word.hasSuffix("e") { drop("e") }
        return String(word)
    }
}
