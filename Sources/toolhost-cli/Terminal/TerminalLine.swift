/// A line of output in which all text of others is visible and stays on the line.
///
/// A literal is this program's own text. An interpolated string is untrusted, and escaped as one line: no name of a
/// file, plugin, tool or model and no error text can begin a line of its own, on a terminal or in a pipe.
///
/// ```swift
/// Console.error.line("\(file): \(reason, limit: 2000)")
/// ```
struct TerminalLine: ExpressibleByStringInterpolation, Sendable {
    /// The maximum number of scalars of one interpolated string, unless the place gives another.
    static let limit = 4096

    /// The safe text, whose only escape sequences are the styles of ``Console``.
    let text: String

    /// The program's own text.
    init(stringLiteral text: StaticString) { self.text = text.description }

    /// Text of others as one line, cut after a number of scalars.
    init(_ untrusted: String, limit: Int = Self.limit) {
        text = TerminalText.oneLine(untrusted, limit: limit)
    }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    fileprivate init(safe text: String) { self.text = text }

    /// The line between two escape sequences.
    func surrounded(by start: StaticString, _ end: StaticString) -> TerminalLine {
        TerminalLine(safe: start.description + text + end.description)
    }

    static func + (left: TerminalLine, right: TerminalLine) -> TerminalLine {
        TerminalLine(safe: left.text + right.text)
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        // Not inlined: each of some hundred lines would carry a copy of the code.

        @inline(never)
        mutating func appendLiteral(_ literal: StaticString) { text += literal.description }

        @inline(never)
        mutating func appendInterpolation(_ line: TerminalLine) { text += line.text }

        @inline(never)
        mutating func appendInterpolation(_ untrusted: String, limit: Int = TerminalLine.limit) {
            text += TerminalText.oneLine(untrusted, limit: limit)
        }

        mutating func appendInterpolation(_ untrusted: Substring, limit: Int = TerminalLine.limit) {
            appendInterpolation(String(untrusted), limit: limit)
        }

        @inline(never)
        mutating func appendInterpolation(_ number: Int) { text += String(number) }

        mutating func appendInterpolation(_ error: some Error) { appendInterpolation(String(describing: error)) }
    }
}

extension [TerminalLine] {
    /// The lines as one, with the program's own text between them.
    func joined(separator: StaticString) -> TerminalLine {
        TerminalLine(safe: map(\.text).joined(separator: separator.description))
    }
}

extension DefaultStringInterpolation {
    /// Keeps a line out of strings, where it would be written as its description.
    @available(*, unavailable, message: "interpolate a line into another line")
    mutating func appendInterpolation(_ line: TerminalLine) {}
}
