import Terminal

/// A line of output in which all untrusted text is visible and stays on the line.
///
/// A literal is this program's own text. An interpolated string is untrusted, and escaped as one line: no name of a
/// file, plugin, tool or model and no error message can begin a new line, on a terminal or in a pipe.
///
/// ```swift
/// Console.error.line("\(file): \(reason, limit: 2000)")
/// ```
struct TerminalLine: ExpressibleByStringInterpolation, Sendable {
    /// The default maximum number of scalars of one interpolated string.
    static let limit = 4096

    /// The safe text, whose only escape sequences are the styles of ``Console``.
    let text: String

    /// Creates a line of the program's own text.
    init(stringLiteral text: StaticString) { self.text = text.description }

    /// Creates a line of untrusted text, cut after a number of scalars.
    init(_ untrusted: String, limit: Int = Self.limit) {
        text = TerminalText.oneLine(untrusted, limit: limit)
    }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    fileprivate init(safe text: String) { self.text = text }

    /// Returns the line in a style.
    func styled(_ style: TextStyle) -> TerminalLine {
        text.isEmpty ? self : TerminalLine(safe: style.start + text + TextStyle.end)
    }

    static func + (left: TerminalLine, right: TerminalLine) -> TerminalLine {
        TerminalLine(safe: left.text + right.text)
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        // Not inlined: each of some hundred lines would contain a copy of the code.

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
    /// Returns the lines as one, with the program's own text between them.
    func joined(separator: StaticString) -> TerminalLine {
        TerminalLine(safe: map(\.text).joined(separator: separator.description))
    }
}

extension DefaultStringInterpolation {
    /// Prevents the interpolation of a line into a string, which would contain its description.
    @available(*, unavailable, message: "interpolate a line into another line")
    mutating func appendInterpolation(_ line: TerminalLine) {}
}
