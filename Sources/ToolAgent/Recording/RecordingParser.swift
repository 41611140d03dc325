import OllamaClient
import ToolHost
import ToolJSON

/// The reading of a recording line by line: it checks that each line is valid and may follow the lines before it.
struct RecordingParser {
    private(set) var calls = 0
    private(set) var conversations: [Recording.Conversation] = []
    /// The names of the tools that a request offers.
    private(set) var tools: Set<String> = []

    private var exchange: Recording.Exchange?
    private var turn: Recording.Turn?
    /// True once the last piece of the reply has been read.
    private var isReplyOver = false

    /// The maximum number of different tools.
    private static let maximumTools = 100_000

    /// Adds a line.
    ///
    /// - Parameters:
    ///   - index: The position of the line, from 0.
    ///   - kind: The kind of the line.
    ///   - content: The value of the member of this kind.
    ///   - line: The whole line.
    /// - Throws: ``AgentError`` if the line is not valid or must not follow the lines before it.
    mutating func add(_ index: Int, _ kind: String, _ content: JSON, _ line: JSON) throws(AgentError) {
        func check(_ condition: Bool, _ sentence: String) throws(AgentError) {
            if !condition { throw Recording.error(index, sentence) }
        }
        func checkPlace(_ condition: Bool) throws(AgentError) {
            try check(condition, "A line of the kind \"\(kind)\" cannot be here.")
        }
        let invalid = "The content of \"\(kind)\" is not valid."
        guard index > 0 else {
            try check(kind == "toolhost_recording", "The file is no recording of toolhost.")
            let version = content.text(upTo: 20).text
            try check(
                content.int == Recording.version,
                "The recording has version \(version) of the format, and this program reads \(Recording.version)."
            )
            calls = line["calls"]?.int(in: 1...100_000) ?? ToolLimits().calls
            return
        }
        switch kind {
        case "conversation":
            try checkPlace(exchange == nil)
            try check(RecordedSettings(content) != nil, invalid)
            conversations.append(Recording.Conversation(settings: index))
        case "prompt":
            try checkPlace(exchange == nil && !conversations.isEmpty)
            try check(content["content"]?.string != nil, invalid)
            exchange = Recording.Exchange(prompt: index)
        case "request":
            try checkPlace(exchange != nil)
            endTurn()
            guard let request = RecordedRequest(content) else { throw Recording.error(index, invalid) }
            tools.formUnion(request.tools)
            try check(tools.count <= Self.maximumTools, "The requests offer more than \(Self.maximumTools) tools.")
            (turn, isReplyOver) = (Recording.Turn(request: index, chunks: index + 1..<index + 1), false)
        case "chunk":
            try checkPlace(turn != nil && !isReplyOver)
            try check(content.object != nil, invalid)
            let start = turn?.chunks.lowerBound ?? index
            turn?.chunks = start..<index + 1
            if ChatChunk(content).done { end(.complete) }
        case "failure":
            try checkPlace(turn != nil && !isReplyOver)
            try check(content["message"]?.string != nil, invalid)
            end(.failed(line: index))
        case "cancelled":
            try checkPlace(turn != nil && !isReplyOver)
            end(.cancelled)
        case "result":
            try checkPlace(turn?.end == .complete)
            guard let result = RecordedResult(content) else { throw Recording.error(index, invalid) }
            try check(turn?.results[result.index] == nil, "Call \(result.index + 1) has a result already.")
            turn?.results[result.index] = index
        case "outcome":
            try checkPlace(exchange != nil)
            try check(RecordedOutcome(content) != nil, invalid)
            endTurn()
            exchange?.outcome = index
            if let exchange { conversations[conversations.count - 1].exchanges.append(exchange) }
            exchange = nil
        default:
            throw Recording.error(index, "The kind \"\(kind.prefix(40))\" is unknown.")
        }
    }

    /// Checks that the recording is whole.
    func finish(lineCount: Int) throws(AgentError) {
        guard lineCount > 0 else { throw AgentError(.invalidRecording, message: "The recording is empty.") }
        guard exchange == nil else {
            throw Recording.error(lineCount - 1, "The recording ends before the response is complete.")
        }
        guard conversations.contains(where: { !$0.exchanges.isEmpty }) else {
            throw Recording.error(lineCount - 1, "The recording has no prompt.")
        }
    }

    private mutating func end(_ end: Recording.Turn.End) {
        isReplyOver = true
        turn?.end = end
    }

    private mutating func endTurn() {
        if let turn { exchange?.turns.append(turn) }
        turn = nil
    }
}
