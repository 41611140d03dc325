import ToolHost

extension ToolHost {
    /// Returns the tool of that name.
    ///
    /// - Throws: ``CommandError`` with the state of a tool that is known and not offered, or for an unknown name.
    func requiredTool(named name: String) throws(CommandError) -> RegisteredTool {
        if let tool = tool(named: name) { return tool }
        if let error = error(forUnavailable: name) { throw error }
        let advice: TerminalLine = tools.isEmpty ? " See toolhost doctor." : ""
        let sentence = sentence(forUnknownTool: name, besides: unofferedNames)
        throw CommandError(.unknownTool, "\(sentence, limit: 20_000)\(advice)")
    }
}
