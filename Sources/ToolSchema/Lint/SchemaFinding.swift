/// One thing that the lint found.
public struct SchemaFinding: Sendable, Hashable {
    /// The rule that found it.
    public let rule: LintRule

    /// The tool's name; empty where it is about all the tools together.
    public let tool: String

    /// A JSON pointer into the tool's function object, empty for the tool itself.
    public let path: String

    /// The fault and what to do about it, in full sentences.
    ///
    /// They quote names out of the schema as they are, so a terminal wants them made harmless first.
    public let message: String
}

extension SchemaFinding {
    /// By tool, then place, then rule.
    static func comesBefore(_ left: SchemaFinding, _ right: SchemaFinding) -> Bool {
        (left.tool, left.path, left.rule.id, left.message) < (right.tool, right.path, right.rule.id, right.message)
    }
}

extension String {
    /// The text in quotes, cut where it is too long for a message.
    var quotedForFinding: String {
        let isLong = utf8.count > LintLimits.nameBytes
        return isLong ? "\"\(String(unicodeScalars.prefix(LintLimits.nameBytes)))…\"" : "\"\(self)\""
    }
}

extension [String] {
    /// The first three names, quoted, and how many more there are of a number that may be larger than this array.
    func quotedForFinding(of count: Int) -> String {
        let shown = prefix(3).map(\.quotedForFinding).joined(separator: ", ")
        return count > 3 ? "\(shown) and \(count - 3) more" : shown
    }
}
