/// The description of a declaration in a comment.
///
/// A comment may be plain text, use the commands of Doxygen and JavaDoc (`@brief`, `\param`), the marks of kernel-doc
/// and GTK-Doc (`@name: text`), or the sections of a manual page.
struct CommentText: Sendable {
    /// The first sentence about the declaration, or nil if the comment does not describe it.
    private(set) var summary: String?
    /// The descriptions of parameters, by name.
    private(set) var parameters: [String: String] = [:]

    /// The part of the comment that a line belongs to.
    private indirect enum Part: Sendable {
        /// A paragraph of text.
        case text, brief
        case parameters([String])
        /// The section of a manual page with the name and, after a dash, a summary.
        case name
        /// A paragraph on another subject.
        case ignored
        /// Text on another subject, up to the next heading or command.
        case ignoredSection
        /// Code within another part, up to the command that ends it.
        case verbatim(end: String, of: Part)
    }

    private var part = Part.text
    private var paragraphs: [[Substring]] = [[]]
    private var brief: [Substring] = []
    private var manualName: [Substring] = []
    private var words: [String: [Substring]] = [:]

    /// Reads a comment with its comment markers.
    ///
    /// - Parameter name: The name of the declaration, which alone is not a description.
    init(_ comment: String, of name: String) {
        let isDocumentation = ["/**", "/*!", "///", "//!"].contains { comment.hasPrefix($0) }
        let isTerms = CommentWords.terms.contains { comment.contains($0) }
        for line in comment.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            guard let text = CommentWords.unmarked(line) else { continue }
            for piece in CommentWords.pieces(text) {
                guard read(piece, name) else { return }
            }
        }
        for (parameter, words) in words { parameters[parameter] = CommentWords.sentence(words) }
        var candidates = brief.isEmpty ? [] : [brief]
        if let dash = manualName.firstIndex(where: { ["-", "--", "\u{2013}", "\u{2014}"].contains($0) }) {
            candidates.append(Array(manualName[(dash + 1)...]))
        }
        // In many headers, the terms of a licence are above the first declaration.
        if !isTerms { candidates += paragraphs }
        for candidate in candidates {
            let words = CommentWords.withoutLabel(candidate, name)
            guard CommentWords.describe(words, name, isDocumentation), let text = CommentWords.sentence(words)
            else { continue }
            summary = text
            break
        }
    }

    /// Returns the text of a comment beside a parameter, which may be a single word.
    static func phrase(_ comment: String) -> String? {
        let words = comment.split(whereSeparator: \.isNewline).compactMap(CommentWords.unmarked)
            .flatMap { $0.split(whereSeparator: \.isWhitespace) }
        let directions: Set<Substring> = ["[in]", "[out]", "[in,out]", "[inout]"]
        return CommentWords.sentence(Array(words.drop { directions.contains($0) }))
    }

    // MARK: - Lines

    /// Reads a line.
    ///
    /// - Returns: False if the comment describes something else, such as its file.
    private mutating func read(_ text: Substring, _ name: String) -> Bool {
        if case .verbatim(let end, let outer) = part {
            guard let place = ["@", "\\"].compactMap({ text.firstRange(of: $0 + end) }).first else { return true }
            part = outer
            append(text[place.upperBound...])
            return true
        }
        if text.allSatisfy({ !$0.isLetter && !$0.isNumber }) {
            endParagraph()
        } else if let command = CommentWords.command(text) {
            return read(command.name, command.rest, text, of: name)
        } else if let heading = CommentWords.heading(text) {
            read(heading: heading.name, heading.rest)
        } else if CommentWords.isTitle(text) {
            endParagraph()
        } else if let marked = CommentWords.marked(text) {
            part = .text
            paragraphs.append([])
            append(marked)
        } else {
            append(text)
        }
        return true
    }

    private mutating func endParagraph() {
        switch part {
        case .brief where brief.isEmpty: break
        case .name where manualName.isEmpty: break
        case .ignoredSection: break
        default:
            part = .text
            paragraphs.append([])
        }
    }

    private mutating func read(_ command: Substring, _ rest: Substring, _ line: Substring, of name: String) -> Bool {
        switch command {
        case "brief", "short":
            part = .brief
            append(rest)
        case "details", "par", "remark", "remarks":
            part = .text
            paragraphs.append([])
            append(rest)
        case "param": readParameter(rest)
        case "file", "dir", "mainpage", "page", "package", "namespace": return false
        case "code", "verbatim", "dot", "msc", "startuml", "htmlonly", "latexonly":
            let end = command == "startuml" ? "enduml" : "end\(command)"
            part = .verbatim(end: end, of: part)
            return read(rest, name)
        case _ where rest.first == ":":
            // `@name: text` describes a parameter in kernel-doc and GTK-Doc.
            part = .parameters([String(command)])
            append(rest.dropFirst())
        case _ where CommentWords.inline.contains(command): append(line)
        default: part = .ignored
        }
        return true
    }

    /// Reads the text after `@param` of Doxygen: `[in] a, b text`.
    private mutating func readParameter(_ text: Substring) {
        var rest = text.drop { $0.isWhitespace }
        if rest.first == "[" { rest = rest.drop { $0 != "]" }.dropFirst().drop { $0.isWhitespace } }
        var names: [String] = []
        while true {
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
            names.append(String(name))
            rest = rest.dropFirst(name.count)
            guard rest.first == "," else { break }
            rest = rest.dropFirst().drop { $0.isWhitespace }
        }
        part = .parameters(names)
        append(rest.drop { $0.isWhitespace || $0 == ":" || $0 == "-" })
    }

    private mutating func read(heading: Substring, _ rest: Substring) {
        switch heading {
        case "NAME": part = .name
        case "DESCRIPTION" where brief.isEmpty: part = .brief
        default: part = .ignoredSection
        }
        append(rest)
    }

    private mutating func append(_ text: Substring) {
        let added = text.split(whereSeparator: \.isWhitespace)
        switch part {
        case .text: paragraphs[paragraphs.count - 1] += added
        case .brief: brief += added
        case .name: manualName += added
        case .parameters(let names): for name in names { words[name, default: []] += added }
        case .ignored, .ignoredSection, .verbatim: break
        }
    }
}
