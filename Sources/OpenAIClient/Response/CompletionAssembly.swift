package import OllamaClient
package import ToolJSON

/// The pieces of an answer in the form of Ollama's protocol, made from the events of a stream or from a whole response.
///
/// Text is passed on as it arrives. Calls arrive in pieces, and are part of the last piece once they are complete. Of
/// several choices, only the first one is read. No value is rejected: a member that is missing, `null` or of another
/// type is read as empty.
package struct CompletionAssembly: Sendable {
    private var calls: [PartialCall] = []
    /// The positions in ``calls`` of the indices that the server gave.
    private var positions: [Int: Int] = [:]
    /// True while pieces belong to a call beyond the maximum number.
    private var isSurplus = false
    private var surplusCalls = 0
    private var finishReason: String?
    private var usage: JSON?
    private var timings: JSON?
    private var size = 0
    private let maximumCalls: Int

    /// The maximum size of all calls, in bytes.
    private static let maximumSize = 32 << 20

    /// Creates an empty answer.
    ///
    /// - Parameter maximumCalls: The maximum number of calls to store.
    package init(maximumCalls: Int) { self.maximumCalls = max(maximumCalls, 0) }

    /// The maximum depth of an object with calls in a response: those of `choices[0].message` or `choices[0].delta`.
    package static let callDepth = 4

    /// True if the server has reported why the model stopped.
    package var isFinished: Bool { finishReason != nil }

    /// True if the server has reported everything that the last piece can have.
    package var isComplete: Bool { isFinished && usage != nil }

    /// Adds an event of a stream.
    ///
    /// - Parameter omittedCalls: The number of calls that were omitted from the event.
    /// - Returns: The piece with the text of the event, or nil if it has no text.
    /// - Throws: `OllamaError` if the calls are too long.
    package mutating func add(_ event: JSON, omittedCalls: Int = 0) throws(OllamaError) -> ChatChunk? {
        let message = try take(event, omittedCalls)
        guard !message.isEmpty else { return nil }
        return ChatChunk(["message": .object(Self.assistant(message)), "done": false])
    }

    /// Returns a whole response as the last piece.
    package mutating func whole(_ response: JSON, omittedCalls: Int = 0) throws(OllamaError) -> ChatChunk {
        let text = try take(response, omittedCalls)
        return last(with: text)
    }

    /// Returns the last piece, which has the calls and the costs.
    ///
    /// - Parameters:
    ///   - text: The members `content` and `thinking` of the piece.
    ///   - isComplete: False if the stream was cut off, so that this piece is not the end of the answer.
    package func last(with text: JSONObject = [:], isComplete: Bool = true) -> ChatChunk {
        var message = Self.assistant(text)
        if !calls.isEmpty {
            let values = JSONLimits().values / calls.count
            message["tool_calls"] = .array(calls.map { $0.json(maximumValues: values) })
        }
        var chunk: JSONObject = ["message": .object(message), "done": .bool(isComplete)]
        if let reason = finishReason {
            // Ollama's protocol has no separate reason for calls.
            chunk["done_reason"] = .string(["tool_calls", "function_call"].contains(reason) ? "stop" : reason)
        }
        chunk["prompt_eval_count"] = usage?["prompt_tokens"]
        chunk["eval_count"] = usage?["completion_tokens"]
        chunk["prompt_eval_duration"] = Self.nanoseconds(timings?["prompt_ms"])
        chunk["eval_duration"] = Self.nanoseconds(timings?["predicted_ms"])
        return ChatChunk(.object(chunk), surplusCalls: surplusCalls)
    }

    private static func assistant(_ text: JSONObject) -> JSONObject {
        var message: JSONObject = ["role": "assistant", "content": text["content"] ?? ""]
        message["thinking"] = text["thinking"]
        return message
    }

    /// Returns the nanoseconds of a time in milliseconds, as llama.cpp's server reports it.
    private static func nanoseconds(_ milliseconds: JSON?) -> JSON? {
        milliseconds?.double(in: 0...9e9).map { .int(Int($0 * 1e6)) }
    }

    // MARK: - Events

    /// Stores the calls and the costs of an event, and returns its text: the members `content` and `thinking`.
    private mutating func take(_ event: JSON, _ omittedCalls: Int) throws(OllamaError) -> JSONObject {
        if let usage = event["usage"], usage.object != nil { self.usage = usage }
        if let timings = event["timings"], timings.object != nil { self.timings = timings }
        let choices = event["choices"]?.array ?? []
        guard let choice = choices.first(where: { ($0["index"]?.int ?? 0) == 0 }) else { return [:] }
        if let reason = choice["finish_reason"]?.string, !reason.isEmpty { finishReason = reason }
        let message = choice["delta"] ?? choice["message"] ?? [:]
        for piece in message["tool_calls"]?.array ?? [] { try add(piece) }
        // The omitted calls of another choice are not counted.
        if choices.count == 1 { surplusCalls += omittedCalls }
        var text: JSONObject = [:]
        text["content"] = Self.text(message["content"]) ?? Self.text(message["refusal"])
        text["thinking"] = Self.text(message["reasoning_content"]) ?? Self.text(message["reasoning"])
        return text
    }

    /// Returns a text that is not empty: a string, or the text parts of an array.
    private static func text(_ content: JSON?) -> JSON? {
        let text =
            switch content {
            case .string(let text)?: text
            case .array(let parts)?: parts.compactMap { $0["text"]?.string }.joined()
            default: ""
            }
        // A bare nil could be JSON's null.
        return text.isEmpty ? JSON?.none : .string(text)
    }

    private mutating func add(_ piece: JSON) throws(OllamaError) {
        guard let position = position(for: piece) else { return }
        size += calls[position].add(piece)
        guard size <= Self.maximumSize else { throw .tooLong(Self.maximumSize) }
    }

    /// Returns the position of the call to which a piece belongs, or nil for a call beyond the maximum number.
    private mutating func position(for piece: JSON) -> Int? {
        let index = piece["index"]?.int
        let known = index.map { positions[$0] } ?? (isSurplus || calls.isEmpty ? nil : calls.count - 1)
        if let known, !calls[known].isEnded(by: piece) {
            isSurplus = false
            return known
        }
        let beginsCall = PartialCall.id(in: piece) != nil || PartialCall.name(in: piece) != nil
        guard calls.count < maximumCalls else {
            if beginsCall { surplusCalls += 1 }
            isSurplus = true
            return nil
        }
        calls.append(PartialCall())
        size += 128
        if let index { positions[index] = calls.count - 1 }
        return calls.count - 1
    }
}
