import ToolJSON
import ToolSchema

extension Coercion {
    /// The coercion in one line, for people: `/days: "3" → 3 (number_from_text)`.
    var words: String {
        let change = "\(from.text().prefix(120)) → \(to.text().prefix(120)) (\(rule.rawValue))"
        return TerminalText.line("\(path.isEmpty ? "the arguments" : path): \(change)", limit: 400)
    }
}
