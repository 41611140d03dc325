/// A call in the history with its result.
struct AnsweredCall: Equatable {
    let call: ToolCall
    let content: String

    /// True if the result looks like an error of the host.
    var isError: Bool {
        let start = content.prefix(200).lowercased()
        return start.hasPrefix("error") || start.hasPrefix("tool ") && start.contains("not found")
    }
}
