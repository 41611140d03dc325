package import ToolHost

/// A call of a replay that ran, compared with its recorded result.
package struct ReplayedCall: Sendable {
    /// The name of the tool.
    package let tool: String
    /// The number of the line with the recorded result, from 1.
    package let line: Int
    /// The status of the new result and of the recorded one.
    package let status: (new: ToolStatus, recorded: ToolStatus)
    /// The beginning of the text of the new result and of the recorded one.
    package let text: (new: String, recorded: String)
    /// True if the content of both results is the same.
    package let hasSameContent: Bool

    /// The maximum number of characters of each text.
    private static let textLimit = 4000

    init(_ result: ToolResult, _ recorded: RecordedResult, line: Int) {
        tool = result.call.name
        self.line = line
        status = (result.status, recorded.status)
        let old = recorded.result(of: result.call)
        text = (result.beginning(of: Self.textLimit), old.beginning(of: Self.textLimit))
        hasSameContent = result.parts == recorded.parts
    }

    /// True if both results have the same status.
    package var hasSameStatus: Bool { status.new == status.recorded }
}
