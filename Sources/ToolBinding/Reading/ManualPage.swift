import Glibc

/// What the manual says of a function: chapters 3 and 2.
struct ManualPage: Sendable {
    /// What it does, in a line.
    var summary: String?
    /// The names of its parameters.
    var parameters: [String] = []

    private static let folder = "/usr/share/man"
    private static let maximumBytes = 1 << 20

    /// The page of a function; `nil` where there is none.
    static func page(of function: String, path: String) async -> ManualPage? {
        let files = ["man3/\(function).3", "man2/\(function).2"].map { "\(folder)/\($0).gz" }
        guard let file = files.first(where: { access($0, R_OK) == 0 }), let gzip = Program(["gzip"], path: path),
            let output = try? await gzip.run(["-dc", file], limit: maximumBytes), output.isSuccess
        else { return nil }
        return ManualPage(String(decoding: output.bytes, as: UTF8.self), function: function)
    }

    /// Reads a page.
    init(_ source: String, function: String) {
        var section = ""
        var synopsis = ""
        for line in source.split(separator: "\n") {
            if line.hasPrefix(".SH") {
                section = line.dropFirst(3).filter { $0 != "\"" }.trimmingSpaces.uppercased()
            } else if section == "NAME", summary == nil, let dash = line.firstRange(of: " \\- ") {
                summary = Self.plain(line[dash.upperBound...]).visible.capitalisedFirst
            } else if section == "SYNOPSIS" {
                synopsis += Self.text(of: line)
            }
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

    /// A line without its macro; the arguments of `.BI "double pow(double " x` are set one after the other.
    private static func text(of line: Substring) -> String {
        guard line.hasPrefix(".") else { return plain(line) + " " }
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

    /// Text without the escapes of troff that pages use.
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
            case "f", "(": rest = rest.dropFirst(escape == "f" ? 1 : 2)
            case "-": plain.append("-")
            case "&", "/", ",", "|", "^": break
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

    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
