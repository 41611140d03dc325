import SwiftSyntax

/// The parts of a documentation comment that a model reads.
struct DocComment {
    /// The text without the fields.
    ///
    /// The lines of a paragraph are joined, and a blank line separates paragraphs.
    private(set) var text = ""

    /// The names and descriptions of parameters, in order.
    private(set) var parameters: [(name: String, text: String)] = []

    /// The description of a parameter.
    subscript(parameter name: String) -> String { parameters.first { $0.name == name }?.text ?? "" }

    init(_ trivia: Trivia) {
        let lines = Self.lines(trivia)
        var paragraphs: [[Substring]] = [[]]
        var field: Field?
        // The indentation of the field, and true after an empty line.
        var (depth, isAfterGap) = (0, false)
        for line in lines {
            let indentation = line.prefix { $0 == " " || $0 == "\t" }.count
            let content = line.trimmed
            if let item = Item(content), let next = Field(item, after: field, indentation: indentation) {
                (field, depth, isAfterGap) = (next, indentation, false)
                if case .parameter(let name, _) = next { parameters.append((name, String(item.text))) }
                continue
            }
            // As in Markdown, a field ends at another item, or at a new paragraph after an empty line.
            if field != nil, !content.isEmpty, indentation <= depth, isAfterGap || Self.isItem(content) {
                field = nil
                paragraphs.append([])
            }
            isAfterGap = content.isEmpty
            if field == nil {
                if content.isEmpty { paragraphs.append([]) } else { paragraphs[paragraphs.count - 1].append(content) }
            } else if case .parameter? = field, !content.isEmpty {
                let text = parameters[parameters.count - 1].text
                parameters[parameters.count - 1].text = text + (text.isEmpty ? "" : " ") + content
            }
        }
        text = paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }.joined(separator: "\n\n")
    }

    private static func isItem(_ line: Substring) -> Bool {
        guard let mark = line.first, "-*+".contains(mark) else { return false }
        return line.dropFirst().first?.isWhitespace == true
    }

    /// A field of a comment: `- Name: text`.
    private struct Item {
        let name: Substring
        let text: Substring

        init?(_ line: Substring) {
            guard isItem(line), let colon = line.firstIndex(of: ":") else { return nil }
            name = line[line.index(after: line.startIndex)..<colon].trimmed
            text = line[line.index(after: colon)...].trimmed
        }
    }

    private enum Field {
        /// `- Parameters:`, with the indentation of its list marker.
        case parameters(Int)
        case parameter(String, listIndentation: Int?)
        case other

        private static let others: Set<String> = [
            "returns", "return", "throws", "note", "important", "warning", "attention", "author", "authors", "bug",
            "complexity", "copyright", "custom", "date", "experiment", "invariant", "localizationkey",
            "mutatingvariant",
            "nonmutatingvariant", "postcondition", "precondition", "remark", "requires", "seealso", "since", "tag",
            "todo", "tip", "version",
        ]

        /// - Parameter indentation: The indentation of the item. The items of a list are deeper than its first line.
        init?(_ item: Item, after field: Field?, indentation: Int) {
            let words = item.name.split(whereSeparator: \.isWhitespace)
            let head = words.first?.lowercased() ?? ""
            switch field {
            case .parameters(let outer)?, .parameter(_, let outer?)?:
                if indentation > outer {
                    guard words.count == 1 else { return nil }
                    self = .parameter(String(words[0].trimmed(of: "`")), listIndentation: outer)
                    return
                }
            default: break
            }
            if head == "parameters", words.count == 1 {
                self = .parameters(indentation)
            } else if head == "parameter", words.count == 2 {
                self = .parameter(String(words[1].trimmed(of: "`")), listIndentation: nil)
            } else if words.count == 1, Self.others.contains(head) {
                self = .other
            } else {
                return nil
            }
        }
    }

    // MARK: - Lines

    /// Returns the lines of the comment next to the declaration, without comment markers.
    private static func lines(_ trivia: Trivia) -> [Substring] {
        var lines: [Substring] = []
        var newlines = 0
        for piece in trivia {
            switch piece {
            case .docLineComment(let text):
                if newlines > 1 { lines = [] }
                lines.append(text.dropFirst(3).droppingOneSpace)
                newlines = 0
            case .docBlockComment(let text):
                lines = blockLines(text)
                newlines = 0
            case .newlines(let count), .carriageReturns(let count), .carriageReturnLineFeeds(let count):
                newlines += count
            case .lineComment, .blockComment:
                newlines = 0
            default: break
            }
        }
        return lines
    }

    private static func blockLines(_ text: String) -> [Substring] {
        var lines = text.dropFirst(3).dropLast(2).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let rest = lines.dropFirst().filter { !$0.trimmed.isEmpty }
        // A star at the start of each line is decoration.
        if !rest.isEmpty, rest.allSatisfy({ $0.trimmed.first == "*" }) {
            lines = lines.enumerated().map { index, line in
                index == 0 ? line.droppingOneSpace : line.trimmed.dropFirst().droppingOneSpace
            }
            return lines
        }
        let indentation = rest.map { $0.prefix { $0 == " " || $0 == "\t" }.count }.min() ?? 0
        return lines.enumerated().map { index, line in
            index == 0 ? line.droppingOneSpace : line.dropFirst(min(indentation, line.count))
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return text
    }

    fileprivate func trimmed(of character: Character) -> Substring {
        var text = self
        while text.first == character { text = text.dropFirst() }
        while text.last == character { text = text.dropLast() }
        return text
    }

    fileprivate var droppingOneSpace: Substring { first == " " ? dropFirst() : self }
}
