/// The style of text on a terminal.
package struct TextStyle: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let bold = TextStyle(rawValue: 1 << 0)
    package static let dim = TextStyle(rawValue: 1 << 1)
    package static let italic = TextStyle(rawValue: 1 << 2)
    package static let underline = TextStyle(rawValue: 1 << 3)
    package static let strike = TextStyle(rawValue: 1 << 4)
    package static let red = TextStyle(rawValue: 1 << 5)
    package static let green = TextStyle(rawValue: 1 << 6)
    package static let yellow = TextStyle(rawValue: 1 << 7)
    package static let cyan = TextStyle(rawValue: 1 << 8)

    /// The escape sequence that ends all styles.
    package static let end = "\u{1B}[0m"

    /// The escape sequence that starts the style; empty for plain text.
    package var start: String {
        if isEmpty { return "" }
        let codes = ["1", "2", "3", "4", "9", "31", "32", "33", "36"]
        let selected = codes.indices.filter { rawValue & 1 << $0 != 0 }.map { codes[$0] }
        return "\u{1B}[" + selected.joined(separator: ";") + "m"
    }
}
