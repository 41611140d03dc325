/// A finding of the lint.
public struct SchemaFinding: Sendable, Hashable {
    /// The rule that applies.
    public let rule: LintRule

    /// The name of the tool.
    ///
    /// Empty for a finding about all tools together.
    public let tool: String

    /// A JSON pointer into the tool's function object.
    ///
    /// Empty for the tool itself.
    public let path: String

    /// The problem and its correction, in sentences.
    ///
    /// The message quotes names of the schema verbatim. Escape control characters before showing it in a terminal.
    public let message: String
}

extension SchemaFinding {
    /// Orders findings by tool, then by path, then by rule.
    static func comesBefore(_ left: SchemaFinding, _ right: SchemaFinding) -> Bool {
        (left.tool, left.path, left.rule.id, left.message) < (right.tool, right.path, right.rule.id, right.message)
    }
}

extension String {
    /// The string in quotes, shortened for a message.
    var quotedForFinding: String {
        let isLong = utf8.count > LintLimits.nameBytes
        return isLong ? "\"\(String(unicodeScalars.prefix(LintLimits.nameBytes)))…\"" : "\"\(self)\""
    }
}

extension [String] {
    /// Returns the first three names in quotes, and the number of the others.
    ///
    /// - Parameter count: The number of all names, which can exceed this array.
    func quotedForFinding(of count: Int) -> String {
        let shown = prefix(3).map(\.quotedForFinding).joined(separator: ", ")
        return count > 3 ? "\(shown) and \(count - 3) more" : shown
    }
}
