import Terminal
import ToolAgent

extension ContextUsage {
    /// The use of the window in one line.
    ///
    /// Such as `About 1,250 of the 4,096 tokens of the context window are used (30 %): tools 820, messages 430.`
    var line: TerminalLine {
        let parts: TerminalLine = "tools \(toolTokens.grouped), messages \(messageTokens.grouped)"
        guard let windowTokens, let percent else {
            return "About \(totalTokens.grouped) tokens are used: \(parts). The size of the context window is unknown."
        }
        let total: TerminalLine = "About \(totalTokens.grouped) of the \(windowTokens.grouped) tokens"
        let note: TerminalLine = isCompacted ? " Requests omit older parts of the conversation." : ""
        return "\(total) of the context window are used (\(percent) %): \(parts).\(note)"
    }

    /// The used part of the window in percent, or nil if the size is unknown.
    var percent: Int? { fraction.map { Int(min($0 * 100, 1e9)) } }
}
