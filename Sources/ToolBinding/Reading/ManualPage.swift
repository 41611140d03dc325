/// The description of a function in a manual page, in the macros of man or mdoc.
struct ManualPage: Sendable {
    /// The purpose of the function, in one line, or nil.
    var summary: String?
    /// The names of the parameters, or an empty array if they are unknown.
    var parameters: [String] = []

    /// Reads a page.
    init(_ source: String, function: String) {
        var section = ""
        var (names, synopsis) = ("", "")
        for line in source.split(separator: "\n") {
            if line.lowercased().hasPrefix(".sh") {
                section = line.dropFirst(3).filter { $0 != "\"" }.trimmingSpaces.uppercased()
            } else if section == "NAME", line.hasPrefix(".Nd ") {
                names += " - " + Self.plain(line.dropFirst(4))
            } else if section == "NAME" {
                names += Self.text(of: line)
            } else if section == "SYNOPSIS" {
                synopsis += Self.text(of: line)
            }
        }
        let words = names.split(whereSeparator: \.isWhitespace)
        if let dash = words.firstIndex(where: { ["-", "--", "\u{2013}", "\u{2014}"].contains($0) }) {
            summary = CommentWords.sentence(Array(words[(dash + 1)...]))?.capitalizedFirst
        }
        guard let start = synopsis.firstRange(of: " \(function)(") ?? synopsis.firstRange(of: "*\(function)(") else {
            return
        }
        let list = synopsis[start.upperBound...].prefix { $0 != ")" }
        parameters = list.split(separator: ",").map { parameter in
            let words = parameter.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            return words.count > 1 ? String(words.last ?? "") : ""
        }
        if parameters.contains("") { parameters = [] }
    }

    /// Returns a line without its macro.
    ///
    /// The arguments of `.BI "double pow(double " x` are concatenated.
    private static func text(of line: Substring) -> String {
        guard line.hasPrefix(".") || line.hasPrefix("'") else { return plain(line) + " " }
        var rest = line.drop { $0 != " " }.dropFirst()
        guard [".B", ".BI", ".BR", ".IB", ".RB", ".I"].contains(line.prefix { $0 != " " }) else { return " " }
        var text = ""
        while let first = rest.first {
            let word: Substring
            if first == "\"" {
                word = rest.dropFirst().prefix { $0 != "\"" }
                rest = rest.dropFirst(word.count + 2)
            } else {
                word = rest.prefix { $0 != " " }
                rest = rest.dropFirst(word.count)
            }
            text += word
            rest = rest.drop { $0 == " " }
        }
        return plain(text[...]) + " "
    }

    /// Returns a text without the escape sequences of troff.
    private static func plain(_ text: Substring) -> String {
        var (plain, rest) = ("", text)
        while let first = rest.first {
            rest = rest.dropFirst()
            guard first == "\\", let escape = rest.first else {
                plain.append(first)
                continue
            }
            rest = rest.dropFirst()
            switch escape {
            case "f" where rest.first == "[": rest = rest.drop { $0 != "]" }.dropFirst()
            case "f" where rest.first == "(": rest = rest.dropFirst(3)
            case "f": rest = rest.dropFirst()
            case "(":
                let name = rest.prefix(2)
                rest = rest.dropFirst(2)
                if ["em", "en", "mi", "hy"].contains(name) { plain.append("-") }
            case "-": plain.append("-")
            case "~", "0", " ": plain.append(" ")
            case "&", "/", ",", "|", "^", "%", ":", "c", "p": break
            case "e": plain.append("\\")
            default: plain.append(escape)
            }
        }
        return plain
    }
}

extension StringProtocol {
    fileprivate var trimmingSpaces: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
