import ToolJSON

/// A name of a tool or parameter, with the checks of the lint.
struct LintName {
    let text: String

    /// The reason why the name is not portable and the correction, in sentences.
    ///
    /// Nil if the name is portable.
    var problem: String? {
        if text.isEmpty { return "The name is empty. Use letters, digits and underscores." }
        let limit = LintLimits.nameBytes
        if text.utf8.count > limit { return "The name is \(text.utf8.count) bytes long. Use at most \(limit) bytes." }
        let isPlain = text.utf8.allSatisfy { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") }
        if isPlain, text.utf8.first.map(Self.isDigit) != true { return nil }
        return "Some models see another name than \(text.quotedForFinding). "
            + "Use letters, digits and underscores, and do not begin with a digit."
    }

    /// The name without case and separators: `getWeather`, `get_weather` and `get-weather` have the same key.
    var key: String { Self.words(of: text).joined() }

    /// Returns the problem of the description that belongs to this name, or nil if it has none.
    ///
    /// - Parameters:
    ///   - description: The value of "description", of any type.
    ///   - subject: The subject of the message: the tool or the parameter.
    ///   - advice: A sentence that describes a better description.
    func problem(in description: JSON?, of subject: String, advice: String) -> (rule: LintRule, message: String)? {
        let text = description?.string ?? ""
        let limit = LintLimits.maximumDescriptionBytes
        if text.utf8.count > limit {
            let length = "The description is \(text.utf8.count) bytes long"
            return (.longDescription, "\(length). Shorten it to at most \(limit) bytes that a model needs.")
        }
        let words = Self.words(of: text)
        if words.isEmpty { return (.missingDescription, "\(subject) has no description. \(advice)") }
        let known = Set(Self.words(of: self.text).map(Self.stem)).union(["a", "an", "the", "of", "to", "for", "this"])
        let isRepetition = words.allSatisfy { known.contains(Self.stem($0)) }
        return isRepetition ? (.repeatedName, "The description only repeats the name. \(advice)") : nil
    }

    /// Returns the words of a name or a sentence in lower case: `getUserID` becomes "get", "user", "id".
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var followsSmallLetter = false
        for scalar in text.unicodeScalars {
            let isWordPart = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            if !isWordPart || (followsSmallLetter && scalar.properties.isUppercase) {
                if !word.isEmpty { words.append(String(word).lowercased()) }
                word = String.UnicodeScalarView()
            }
            if isWordPart { word.append(scalar) }
            followsSmallLetter = scalar.properties.isLowercase
        }
        if !word.isEmpty { words.append(String(word).lowercased()) }
        return words
    }

    /// Returns a word without the suffix "s", so that "gets" repeats `get` and "file" repeats `files`.
    private static func stem(_ word: String) -> String {
        word.hasSuffix("s") ? String(word.dropLast()) : word
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
