@testable import Terminal

/// Styled text in a form that tests compare: `‹bold:text›`, with the initials of the styles.
struct StyledRows: Equatable, CustomStringConvertible {
    let description: String

    init(_ pieces: [StyledText]) {
        var text = ""
        var style: TextStyle = []
        for piece in pieces where !piece.text.isEmpty {
            if piece.style != style {
                if !style.isEmpty { text += "›" }
                style = piece.style
                if !style.isEmpty { text += "‹\(Self.name(style)):" }
            }
            text += piece.text
        }
        description = style.isEmpty ? text : text + "›"
    }

    private static func name(_ style: TextStyle) -> String {
        let names: [(TextStyle, String)] = [
            (.bold, "b"), (.dim, "d"), (.italic, "i"), (.underline, "u"), (.strike, "s"), (.red, "r"), (.green, "g"),
            (.yellow, "y"), (.cyan, "c"),
        ]
        return names.filter { style.contains($0.0) }.map(\.1).joined()
    }
}

/// The rows without styles.
func plain(_ pieces: [StyledText]) -> [String] {
    pieces.map(\.text).joined().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}

/// Returns the pieces of a text that is cut into pieces of a number of scalars, after a first piece of another length.
func pieces(_ text: String, first: Int, size: Int) -> [String] {
    let scalars = Array(text.unicodeScalars)
    func string(_ part: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(part)) }
    let start = min(first, scalars.count)
    return [string(scalars[..<start])]
        + stride(from: start, to: scalars.count, by: size).map { string(scalars[$0..<min($0 + size, scalars.count)]) }
}
