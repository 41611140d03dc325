import ToolJSON

/// The markers, commands and sentences of comments.
enum CommentWords {
    // MARK: - Lines

    /// Returns a line without comment markers, or nil for a title between rules, which does not describe a declaration.
    static func unmarked(_ line: Substring) -> Substring? {
        var text = line.drop { $0.isWhitespace }
        let mark = text.prefix { $0 == "/" || $0 == "*" }
        if !mark.isEmpty {
            text = text.dropFirst(mark.count)
            // `/*!`, and `<` in a comment after its declaration.
            if mark.first == "/", text.first == "!" { text = text.dropFirst() }
            if mark.count > 1, text.first == "<" { text = text.dropFirst() }
        }
        text = trimmed(text)
        if text.hasSuffix("*/") { text = trimmed(text.dropLast(2)) }
        return isRuled(text) ? nil : text
    }

    /// Returns true for titles such as `---- Errors ----` and `Errors ****`.
    private static func isRuled(_ text: Substring) -> Bool {
        let isRule = { (character: Character) in "-=*#~_+".contains(character) }
        guard text.contains(where: \.isLetter) else { return false }
        let last = text.reversed().prefix(while: isRule)
        return text.prefix(while: isRule).count >= 3 || last.count >= 3 || last.count == 2 && last.first == "*"
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return text
    }

    /// Returns the command at the start of a line: `@brief text`, `\param text`.
    static func command(_ text: Substring) -> (name: Substring, rest: Substring)? {
        guard let first = text.first, first == "@" || first == "\\" else { return nil }
        let name = text.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard !name.isEmpty else { return ("", "") }
        return (name, text.dropFirst(name.count + 1).drop { $0.isWhitespace })
    }

    /// Splits a line before its commands: `Adds. @param a the first @return the sum`.
    static func pieces(_ line: Substring) -> [Substring] {
        var (pieces, start): ([Substring], Substring.Index) = ([], line.startIndex)
        for place in line.indices where line[place] == "@" || line[place] == "\\" {
            guard place > start, line[line.index(before: place)].isWhitespace,
                let name = command(line[place...])?.name, sections.contains(name)
            else { continue }
            pieces.append(line[start..<place])
            start = place
        }
        return pieces + [line[start...]]
    }

    /// Commands that begin a paragraph, at any place in a line.
    private static let sections: Set<Substring> = [
        "brief", "deprecated", "details", "note", "param", "post", "pre", "remark", "remarks", "result", "retval",
        "return", "returns", "sa", "see", "short", "since", "throws", "todo", "version", "warning", "code", "endcode",
        "verbatim", "endverbatim",
    ]

    /// Commands that format the next word.
    static let inline: Set<Substring> = [
        "a", "b", "c", "e", "em", "p", "ref", "link", "endlink", "code", "endcode", "n",
    ]

    private static let headings: Set<Substring> = [
        "NAME", "SYNOPSIS", "DESCRIPTION", "RETURN", "RETURNS", "PARAMETERS", "ARGUMENTS", "NOTES", "EXAMPLE",
        "EXAMPLES", "ERRORS", "BUGS", "SEE", "AUTHOR", "AUTHORS", "AVAILABILITY", "HISTORY",
    ]

    /// Returns the heading of a section of a manual page: `DESCRIPTION`, `RETURN VALUE`, `NAME curl_version()`.
    static func heading(_ text: Substring) -> (name: Substring, rest: Substring)? {
        let name = text.prefix { $0.isUppercase }
        let rest = text.dropFirst(name.count)
        guard headings.contains(name), rest.isEmpty || rest.first == " " else { return nil }
        // Only NAME has text on the line of the heading; `RETURN VALUE` is one heading.
        guard name == "NAME" || rest.allSatisfy({ $0.isUppercase || $0 == " " }) else { return nil }
        return (name, name == "NAME" ? rest.dropFirst() : "")
    }

    /// Returns true for a title without a sentence, such as `VALUES AND NAMES`.
    static func isTitle(_ text: Substring) -> Bool {
        text.contains(" ") && text.allSatisfy { $0.isUppercase || $0.isNumber || " -/&".contains($0) }
    }

    /// Returns the text after a mark such as `NOTE:`, which begins a paragraph, or nil.
    static func marked(_ text: Substring) -> Substring? {
        let mark = text.prefix { $0.isUppercase || $0.isNumber || $0 == "_" }
        guard mark.count > 3, text.dropFirst(mark.count).hasPrefix(": ") else { return nil }
        return text.dropFirst(mark.count + 2)
    }

    // MARK: - Descriptions

    /// Phrases of licences.
    static let terms = [
        "Copyright (", "Copyright \u{A9}", "SPDX-License-Identifier", "All rights reserved", "Licensed under",
        "Permission is hereby granted", "This file is part of",
    ]

    private static let sources: Set<Substring> = [
        "c", "h", "cc", "cpp", "cxx", "hh", "hpp", "hxx", "inc", "def", "in", "y", "l", "s", "S", "m",
    ]

    private static func isFile(_ word: Substring) -> Bool {
        let name = word.drop { $0 == "<" || $0 == "\"" }.prefix { !":>\",;".contains($0) }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && !parts[0].isEmpty && sources.contains(parts[parts.count - 1])
    }

    /// Returns the words without a name or file name before a dash or colon: `clear() - clear the screen`.
    static func withoutLabel(_ words: [Substring], _ name: String) -> [Substring] {
        guard let first = words.first else { return [] }
        let label = first.hasSuffix(":") ? first.dropLast() : first
        guard isFile(first) || isName(label, name) else { return words }
        if first.hasSuffix(":") { return Array(words.dropFirst()) }
        let isDash = words.count > 1 && ["-", "--", ":", "\u{2013}", "\u{2014}"].contains(words[1])
        return isDash ? Array(words.dropFirst(2)) : words
    }

    private static func isName(_ word: Substring, _ name: String) -> Bool { word == name || word == "\(name)()" }

    /// Returns true if the words describe a declaration.
    ///
    /// A name, a file name, code and the start of a list do not.
    static func describe(_ words: [Substring], _ name: String, _ isDocumentation: Bool) -> Bool {
        guard let first = words.first, let last = words.last, !isFile(first) else { return false }
        // The end of a sentence, or an item of a list.
        if first.first == "-" || first.first == "." || first.first == "," { return false }
        let count = words.count { $0.contains(where: \.isLetter) }
        guard count > 1 || count == 1 && isDocumentation && !isName(first, name) && first.allSatisfy(isPlain) else {
            return false
        }
        return !last.hasSuffix(":") && !last.hasSuffix(";") && first.first != "#"
            && !words.contains { $0.contains("{") && !$0.hasPrefix("{@") || $0 == "}" }
    }

    private static func isPlain(_ character: Character) -> Bool { character.isLetter || ".!?,-".contains(character) }

    // MARK: - Sentences

    private static let maximumLength = 300

    private static let abbreviations: Set<String> = [
        "e.g.", "i.e.", "etc.", "vs.", "cf.", "resp.", "approx.", "incl.", "fig.", "viz.", "ca.",
        "a.k.a.", "(e.g.", "(i.e.", "(cf.",
    ]

    /// Returns the first sentence without formatting, or nil if it has no visible letters or digits.
    static func sentence(_ words: [Substring]) -> String? {
        let words = words.map(unformatted).filter { !$0.isEmpty }
        var sentence = ""
        for (index, word) in words.enumerated() {
            guard sentence.count + word.count < maximumLength else {
                sentence += " \u{2026}"
                break
            }
            sentence += (sentence.isEmpty ? "" : " ") + word
            // "1." at the start is the number of a list.
            if index > 0 || word.count > 2, isEnd(word, before: words.dropFirst(index + 1).first) { break }
        }
        let visible = sentence.visible
        return visible.contains { $0.isLetter || $0.isNumber } ? visible : nil
    }

    private static func isEnd(_ word: String, before next: String?) -> Bool {
        var bare = Substring(word)
        while let last = bare.last, ")\"'".contains(last) { bare = bare.dropLast() }
        guard let last = bare.last, ".!?".contains(last), bare.contains(where: { $0.isLetter || $0.isNumber }) else {
            return false
        }
        guard last == "." else { return true }
        if abbreviations.contains(word.lowercased()) {
            return word.lowercased() == "etc." && next?.first?.isUppercase ?? true
        }
        // An initial does not end a sentence.
        return bare.count > 2 || bare.first?.isUppercase == false
    }

    private static let entities = ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&nbsp;": " ", "&amp;": "&"]

    /// Returns a word without HTML tags and without commands that format the next word.
    private static func unformatted(_ word: Substring) -> String {
        if let first = word.first, first == "@" || first == "\\", inline.contains(word.dropFirst()) { return "" }
        if word.hasPrefix("{@") { return "" }
        var (text, rest) = ("", word)
        while let character = rest.first {
            if character == "<", let end = rest.firstIndex(of: ">"), isTag(rest[..<end].dropFirst()) {
                rest = rest[rest.index(after: end)...]
            } else {
                text.append(character)
                rest = rest.dropFirst()
            }
        }
        if text.contains("&") {
            for (entity, character) in entities { text.replace(entity, with: character) }
        }
        // The end of `{@link name}`.
        if text.hasSuffix("}"), !text.contains("{") { text.removeLast() }
        return text
    }

    private static func isTag(_ text: Substring) -> Bool {
        let name = text.drop { $0 == "/" }.prefix { $0.isLetter }.lowercased()
        return ["b", "i", "em", "tt", "code", "p", "br", "strong", "pre", "li", "ul", "var", "sup", "sub"].contains(
            name
        )
    }
}

extension String {
    /// The string without hidden characters, so that a person and a model read the same.
    var visible: String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: unicodeScalars.lazy.filter { !$0.isHidden })
        return String(scalars)
    }
}
