import ToolJSON
import ToolSchema

extension Coercion {
    /// The coercion in one line, for people: `/days: "3" → 3 (number_from_text)`.
    var words: TerminalLine {
        let (from, to) = (from.text(upTo: 480).text.prefix(120), to?.text(upTo: 480).text.prefix(120) ?? "removed")
        let change = "\(from) → \(to) (\(rule.rawValue))"
        return "\(path.isEmpty ? "the arguments" : path, limit: 150): \(change, limit: 400)"
    }
}

extension [Coercion] {
    /// The maximum number of coercions that are shown; a model can cause any number of them.
    private static var shown: Int { 8 }

    /// The coercions as lines for people: the first ones, and the number of the others.
    var lines: [TerminalLine] {
        let lines = prefix(Self.shown).map { "coerced " + $0.words }
        let rest = count - lines.count
        return rest > 0 ? lines + ["coerced \(rest) more values"] : lines
    }
}
