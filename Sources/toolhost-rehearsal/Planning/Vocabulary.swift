/// The English words that the rehearsal knows.
enum Vocabulary {
    /// Words without information about the request.
    static let stopWords: Set<String> = Set(
        """
        a about after all also am an and any are as at be been before but by can could current currently did do does \
        each either for from get give given gives got had has have hey hi how i if in into is it its just let like \
        many may me might much my name named near need no not now of off on one or our out over per please right \
        return returns shall she he should show so some such tell than that the their them then there these they \
        this those to today too two under until up us use used using very want was we were what whats when where \
        which who whose why will with without would you your
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    )

    /// Verbs that begin a sentence with a capital letter and are not names.
    static let imperatives: Set<String> = Set(
        """
        add ask calculate call check compare compute convert copy count create delete describe determine divide \
        echo explain fetch find inform list look make multiply open print query read remind report run say search \
        send solve start stop subtract sum summarise summarize translate try update wait weather write
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    )

    static let prepositions: Set<String> = [
        "about", "at", "called", "for", "from", "in", "named", "near", "of", "on", "to", "with",
    ]

    /// Words and marks between two parts of a request.
    static let conjunctions: Set<String> = ["&", ",", ";", "also", "and", "plus", "then"]

    /// Words inside a name of several words: Rio de Janeiro, Isle of Man.
    static let nameParticles: Set<String> = ["da", "de", "del", "do", "la", "of"]

    private static let synonyms: [String: String] = [
        "addition": "add", "cold": "temperature", "difference": "subtract", "division": "divide", "hot": "temperature",
        "minus": "subtract", "multiplication": "multiply", "plus": "add", "product": "multiply",
        "quotient": "divide", "subtraction": "subtract", "sum": "add", "warm": "temperature",
    ]

    /// Returns the common form of a word: "file" for "files", and "add" for "adding" and "sum".
    static func stem(_ word: String) -> String {
        let bare = unsuffixed(word)
        return unsuffixed(synonyms[word] ?? synonyms[bare] ?? bare)
    }

    private static func unsuffixed(_ word: String) -> String {
        var stem = word
        func drop(_ suffix: String, leaving minimum: Int) -> Bool {
            guard stem.hasSuffix(suffix), stem.utf8.count - suffix.utf8.count >= minimum else { return false }
            stem.removeLast(suffix.count)
            return true
        }
        if drop("ies", leaving: 3) || drop("ied", leaving: 3) { return stem + "y" }
        if stem.hasSuffix("ely") { _ = drop("ly", leaving: 4) }
        if ["sses", "shes", "ches", "xes", "zes"].contains(where: stem.hasSuffix) {
            stem.removeLast(2)
        } else if !["ss", "us", "is"].contains(where: stem.hasSuffix) {
            _ = drop("s", leaving: 3)
        }
        if drop("ing", leaving: 3) || drop("ed", leaving: 3) {
            let last = stem.suffix(2)
            if Set(last).count == 1, !["dd", "ll", "ss"].contains(last) { stem.removeLast() }
        }
        _ = drop("e", leaving: 3)
        return stem
    }

    /// Returns the stems of the significant words in a sentence, or in a name such as `get_temperature`.
    static func stems(of text: String, maximumBytes: Int = 4 << 10) -> Set<String> {
        var words: [String] = [""]
        var wasLowercase = false
        for scalar in text.unicodeScalars.prefix(maximumBytes) {
            guard scalar.properties.isAlphabetic || "0"..."9" ~= scalar else {
                words.append("")
                wasLowercase = false
                continue
            }
            if wasLowercase, scalar.properties.isUppercase { words.append("") }
            wasLowercase = scalar.properties.isLowercase
            words[words.count - 1].unicodeScalars.append(scalar)
        }
        return Set(words.map { $0.lowercased() }.filter { $0.count > 1 && !stopWords.contains($0) }.map(stem))
    }
}
