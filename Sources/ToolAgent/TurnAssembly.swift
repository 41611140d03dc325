import OllamaClient
import ToolHost
import ToolJSON

/// One message of the model, as far as its pieces have arrived.
///
/// Thinking, content and calls may come in any piece and in any order, the last piece included. Thoughts in the content
/// become thinking.
struct TurnAssembly: Sendable {
    private(set) var thinking = ""
    private(set) var content = ""
    private(set) var images: [[UInt8]] = []
    /// The calls to run.
    private(set) var calls: [OllamaToolCall] = []
    /// The calls beyond the limit, if there are any.
    private(set) var surplus: SurplusCalls?
    /// The origin of the calls.
    private(set) var origin = CallOrigin.model
    private(set) var end: ChatChunk?
    private var filter = ThoughtFilter()
    private var size = 0
    private let maximumCalls: Int

    /// The maximum memory of one message, in bytes: a server that never stops must not exhaust the memory.
    private static let maximumSize = 32 << 20

    /// Creates an empty message.
    ///
    /// - Parameter maximumCalls: The maximum number of calls to run.
    init(maximumCalls: Int) { self.maximumCalls = maximumCalls }

    /// The calls of the message in the conversation; the last one represents the surplus, if there is any.
    var keptCalls: [OllamaToolCall] { surplus.map { calls + [$0.first] } ?? calls }

    /// Adds the next piece.
    ///
    /// - Returns: The thinking and the content in it.
    /// - Throws: ``AgentError`` if the message has become too long.
    @discardableResult
    mutating func add(_ chunk: ChatChunk) throws(AgentError) -> ThoughtFilter.Parts {
        size += (chunk.message.thinking?.utf8.count ?? 0) + chunk.message.content.utf8.count
        size += chunk.message.images.reduce(0) { $0 + $1.count }
        for call in chunk.message.toolCalls { add(call) }
        surplus?.others += chunk.surplusCalls
        guard size <= Self.maximumSize else {
            // With this text, the conversation would be too long for any later request.
            content = ""
            throw AgentError(
                .messageTooLong,
                message: "The model's message is longer than \(Self.maximumSize) bytes, so it was discarded.",
                remedy: .startNewConversation
            )
        }
        var parts = filter.add(chunk.message.content, isLast: chunk.done)
        if parts.takesBack {
            thinking += content
            content = ""
        }
        parts.thinking = (chunk.message.thinking ?? "") + parts.thinking
        thinking += parts.thinking
        content += parts.content
        images += chunk.message.images
        if chunk.done { end = chunk }
        return parts
    }

    private mutating func add(_ call: OllamaToolCall) {
        guard surplus == nil else {
            surplus?.others += 1
            return
        }
        size += call.raw.footprint
        if calls.count < maximumCalls {
            calls.append(call)
        } else {
            surplus = SurplusCalls(first: call, limit: maximumCalls)
        }
    }

    /// True once the last piece has arrived.
    var isComplete: Bool { end != nil }

    /// True if the message was cut off at the limit of its length, perhaps within a call.
    var isTruncated: Bool { end?.doneReason == "length" }

    /// True if the message has no text for the user.
    var isBlank: Bool { content.unicodeScalars.allSatisfy(\.properties.isWhitespace) }

    /// True if the model stopped without text and without calls.
    ///
    /// Some servers discard a call that they cannot read, or whose tool they do not know, and report nothing.
    var isEmpty: Bool { isBlank && images.isEmpty && keptCalls.isEmpty && [nil, "", "stop"].contains(end?.doneReason) }

    /// Returns the message for the conversation, or nil if it is empty.
    ///
    /// - Parameter calls: The calls in it: those that have results.
    func message(calls: [OllamaToolCall]) -> ChatMessage? {
        guard !thinking.isEmpty || !content.isEmpty || !images.isEmpty || !calls.isEmpty else { return nil }
        return ChatMessage(
            role: .assistant,
            content: content,
            thinking: thinking.isEmpty ? nil : thinking,
            images: images,
            toolCalls: calls
        )
    }

    /// Replaces the content by the call that it describes.
    mutating func replaceContent(with call: OllamaToolCall?) {
        content = ""
        calls = call.map { [$0] } ?? []
        surplus = nil
    }

    /// Replaces the content by the calls that the model printed in it.
    mutating func replaceContent(withPrinted calls: [OllamaToolCall]) {
        content = ""
        origin = .printed
        for call in calls { add(call) }
    }

    /// The message for the conversation if it was interrupted: its content, without calls, which have no results.
    var interruptedMessage: ChatMessage? {
        content.isEmpty ? nil : message(calls: [])
    }

    /// The cost of the message.
    var metrics: TurnMetrics {
        TurnMetrics(
            promptTokens: end?.promptEvalCount,
            outputTokens: end?.evalCount,
            doneReason: end?.doneReason,
            loadDuration: end?.loadDuration,
            promptDuration: end?.promptEvalDuration,
            outputDuration: end?.evalDuration
        )
    }
}
