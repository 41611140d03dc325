import ToolJSON
import ToolRuntime

extension ToolResult {
    /// Creates the result of a call that ran, from the way in which it ended.
    ///
    /// - Parameter limits: The limits that were in force; `timeout` is the one of this call.
    init(call: ToolCall, _ end: CallEnd, limits: ToolLimits) {
        let (status, parts) = Self.content(of: end, limits)
        self.init(call: call, status: status, parts: parts, duration: end.duration)
        remedy = end.remedy
    }

    private static func content(of end: CallEnd, _ limits: ToolLimits) -> (ToolStatus, [ContentPart]) {
        var parts = end.output.parts
        if end.output.isTruncated {
            let limit =
                end.output.isOverBudget
                ? "the \(end.output.count) bytes that were left for it in this message" : "\(limits.resultBytes) bytes"
            parts.append(.text("\n[The result was longer than \(limit); the rest is missing.]"))
        }
        switch end.reason {
        case .completed(let code):
            if let index = parts.firstIndex(where: \.isInvalidJSON) {
                // The host may have truncated the last part; the tool is not at fault then.
                guard end.output.isTruncated, index == end.output.parts.count - 1 else {
                    let sentence = "The tool wrote part \(index + 1) of its result as JSON, but it is not valid JSON."
                    return (.pluginFailed, [.text(sentence)])
                }
                parts[index].mediaType = ContentPart.plainTextType
            }
            let status = ToolStatus(code)
            if parts.isEmpty, status != .ok { parts = [.text(status.defaultSentence)] }
            return (status, parts)
        case .timedOut:
            return (.timedOut, [.text("The tool did not answer within \(limits.timeout.words).")])
        case .cancelled:
            return (.cancelled, [.text(ToolStatus.cancelled.defaultSentence)])
        case .failed(let sentence):
            return (.pluginFailed, [.text("The tool failed: \(sentence)")])
        }
    }
}

extension ContentPart {
    fileprivate var isInvalidJSON: Bool { mediaType.hasPrefix(Self.jsonType) && !JSON.isValid(bytes) }
}

extension ToolStatus {
    /// Creates the status of a call that the plugin completed.
    ///
    /// An unknown code counts as an error of the tool.
    fileprivate init(_ code: Int32) {
        switch code {
        case 0: self = .ok
        case 2: self = .invalidArguments
        case 3: self = .cancelled
        case 4: self = .pluginFailed
        default: self = .toolError
        }
    }
}
