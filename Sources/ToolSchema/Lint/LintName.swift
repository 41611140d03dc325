import ToolJSON

/// A name as the lint sees it.
struct LintName {
    let text: String

    /// The reason why the name is not portable, and what to do, in sentences; `nil` if it is portable.
    var fault: String? {
        if text.isEmpty { return "The name is empty. Give it one of letters, digits and underscores." }
        let limit = LintLimits.nameBytes
        if text.utf8.count > limit { return "The name is \(text.utf8.count) bytes long. Use \(limit) at most." }
        let isPlain = text.utf8.allSatisfy { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") }
        if isPlain, text.utf8.first.map(Self.isDigit) != true { return nil }
        return "Some models are shown another name than \(text.quotedForFinding). "
            + "Use letters, digits and underscores, and no digit first."
    }

    /// The name without case and separators: `getWeather`, `get_weather` and `get-weather` are one.
    var key: String { Self.words(of: text).joined() }

    /// The fault of the description of the tool or parameter with this name, or nil.
    ///
    /// - Parameters:
    ///   - description: The value of "description", of any type.
    ///   - subject: The tool or parameter, for the message.
    ///   - advice: A sentence on what to write instead.
    func fault(in description: JSON?, of subject: String, advice: String) -> (rule: LintRule, message: String)? {
        let text = description?.string ?? ""
        let limit = LintLimits.longestDescription
        if text.utf8.count > limit {
            let length = "The description is \(text.utf8.count) bytes long"
            return (.longDescription, "\(length). Keep what a model needs to know, \(limit) bytes at most.")
        }
        let words = Self.words(of: text)
        if words.isEmpty { return (.missingDescription, "\(subject) has no description. \(advice)") }
        let known = Set(Self.words(of: self.text).map(Self.stem)).union(["a", "an", "the", "of", "to", "for", "this"])
        let isRepetition = words.allSatisfy { known.contains(Self.stem($0)) }
        return isRepetition ? (.repeatedName, "The description only repeats the name. \(advice)") : nil
    }

    /// The words of a name or a sentence, in small letters: `getUserID` is "get", "user", "id".
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

    /// "Gets" for `get_…` and "file" for `files` are repetitions too.
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
