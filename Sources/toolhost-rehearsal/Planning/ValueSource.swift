import ToolJSON

/// A kind of value in a prompt that a parameter can take.
enum ValueSource: Hashable {
    case choice([JSON])
    case flag(parameter: String)
    case list(parameter: String)
    case number, date, zone, path, link
    /// An arithmetic expression as the user wrote it.
    case formula
    /// A name, or a text in quotation marks.
    case name
    /// Free text, such as a message or a text to search.
    case prose

    init?(_ parameter: Parameter) {
        if !parameter.choices.isEmpty {
            self = .choice(parameter.choices)
        } else if parameter.types.contains("array") {
            self = .list(parameter: parameter.name)
        } else if parameter.isNumeric {
            self = .number
        } else if parameter.types.contains("string") || parameter.types.isEmpty {
            self = Self.text(parameter)
        } else if parameter.types.contains("boolean") {
            self = .flag(parameter: parameter.name)
        } else {
            return nil
        }
    }

    private static let hints: [(source: ValueSource, name: Set<String>, description: Set<String>)] = [
        (.formula, ["expression", "formula", "equation"], []),
        (.prose, ["text", "message", "content", "sentence", "body", "prompt", "input", "string", "phrase"], []),
        (.name, ["query", "pattern", "term", "keyword", "needle"], []),
        (.zone, ["zone", "timezone", "tz"], ["iana", "timezone"]),
        (.date, ["date", "day", "datetime", "instant", "timestamp"], ["iso", "8601", "rfc", "yyyy"]),
        (.link, ["url", "uri", "link", "email", "address"], ["url", "uri"]),
        (.path, ["path", "file", "folder", "directory", "dir", "filename"], ["path", "folder", "directory", "file"]),
    ]

    private static func text(_ parameter: Parameter) -> ValueSource {
        switch parameter.format {
        case "date", "date-time": return .date
        case "uri", "email": return .link
        default: break
        }
        // A name is more reliable than a description.
        let name = Vocabulary.stems(of: parameter.name)
        let description = Vocabulary.stems(of: parameter.description)
        func overlaps(_ hints: Set<String>, _ words: Set<String>) -> Bool {
            !words.isDisjoint(with: hints.map(Vocabulary.stem))
        }
        return hints.first { overlaps($0.name, name) }?.source
            ?? hints.first { overlaps($0.description, description) }?.source
            ?? .name
    }
}
