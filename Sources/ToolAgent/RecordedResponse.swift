import OllamaClient
import OpenAIClient
public import ToolHost
import ToolJSON

/// A recorded response of `/api/chat`: a whole response, the lines of a streamed one, or only the message in it.
///
/// Responses of `/v1/chat/completions` have the same forms, with events instead of lines.
///
/// ```swift
/// let recorded = try RecordedResponse(parsing: bytes)
/// let results = await host.dispatch(recorded.calls).results
/// ```
public struct RecordedResponse: Sendable {
    /// The calls to run, from all lines.
    public let calls: [ToolCall]

    /// The result for all calls beyond the limit, or nil if there are none.
    ///
    /// Its call is the first of them.
    public let surplusResult: ToolResult?

    /// The reason why the calls must not be run, as the end of a sentence, or nil if they may be run.
    public let obstacle: String?

    /// Harmless defects of the recording, in sentences.
    public let warnings: [String]

    private static let maximumWarnings = 16

    /// Reads a recording.
    ///
    /// - Parameters:
    ///   - bytes: The JSON text of a response or a message, a JSON text on each line, or server-sent events.
    ///   - maximumCalls: The maximum number of calls to run, up to 100,000.
    /// - Throws: ``AgentError`` with the code ``AgentError/Code/invalidRecording`` if the text is not JSON in one of
    ///   these forms, or is too long; `OllamaError` if it is the response of a server that failed. A response that was
    ///   cut off is not an error: it has an ``obstacle``.
    public init(parsing bytes: [UInt8], maximumCalls: Int = ToolLimits().calls) throws {
        let maximumCalls = min(max(maximumCalls, 0), 100_000)
        var turn = TurnAssembly(maximumCalls: maximumCalls)
        var isStream = false
        var warnings: [String] = []
        let callDepth = CompletionAssembly.callDepth
        if let document = try? JSONDocument(answer: bytes, maximumCalls: maximumCalls + 1, callDepth: callDepth) {
            let whole = document.value
            warnings = document.warnings
            if whole.object == nil {
                throw AgentError(
                    .invalidRecording,
                    message: "Expected a chat response, an assistant message or the lines of a stream; "
                        + "this is JSON of type \(whole.typeName)."
                )
            }
            if let chunk = try Self.completion(document, maximumCalls: maximumCalls + 1) {
                try Self.add(chunk, to: &turn)
            } else {
                try Self.add(document, to: &turn)
            }
            isStream = whole["done"]?.bool == false
        } else if Self.isEventStream(bytes) {
            isStream = true
            try Self.addEvents(bytes, maximumCalls: maximumCalls + 1, to: &turn)
        } else {
            isStream = true
            var isEmpty = true
            var number = 0
            var rest = bytes[...]
            while !rest.isEmpty {
                let line = rest.prefix { $0 != UInt8(ascii: "\n") }
                rest = rest.dropFirst(line.count + 1)
                number += 1
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
                let document: JSONDocument
                do {
                    document = try JSONDocument(answer: line, maximumCalls: maximumCalls + 1)
                } catch {
                    throw AgentError(
                        .invalidRecording,
                        message: "Line \(number) is not valid JSON: \(error).",
                        underlyingError: error
                    )
                }
                warnings += document.warnings.prefix(Self.maximumWarnings - warnings.count)
                try Self.add(document, to: &turn)
                isEmpty = false
            }
            if isEmpty { throw AgentError(.invalidRecording, message: "There is nothing to read: the input is empty.") }
        }
        self.warnings = warnings
        calls = turn.calls.map { ToolCall($0) }
        surplusResult = turn.surplus.map { $0.result(for: ToolCall($0.first)) }
        if turn.isTruncated {
            obstacle = "the message was cut off at the length limit"
        } else if isStream, !turn.isComplete {
            obstacle = "the stream ended before the message was complete"
        } else {
            obstacle = nil
        }
    }

    private static func add(_ document: JSONDocument, to turn: inout TurnAssembly) throws {
        try add(try chunk(document), to: &turn)
    }

    static func add(_ chunk: ChatChunk, to turn: inout TurnAssembly) throws {
        do {
            try turn.add(chunk)
        } catch {
            throw AgentError(.invalidRecording, message: error.message, underlyingError: error)
        }
    }

    /// Returns the piece that a line of a stream, a whole response or a message holds.
    private static func chunk(_ document: JSONDocument) throws -> ChatChunk {
        let json = document.value
        func surplus(_ depth: Int) -> Int { document.omitted[depth] ?? 0 }
        if let failure = OllamaError.recorded(json) { throw failure }
        if json["message"]?.object != nil { return ChatChunk(json, surplusCalls: surplus(2)) }
        if json["role"] != nil || json["tool_calls"] != nil {
            return ChatChunk(["message": json, "done": true], surplusCalls: surplus(1))
        }
        if json["done"]?.bool != nil { return ChatChunk(json) }
        throw AgentError(
            .invalidRecording,
            message: "Expected a chat response, an assistant message or the lines of a stream; "
                + "this object has no \"message\", \"role\" or \"tool_calls\"."
        )
    }

    /// Returns a result for each call, and one for the calls beyond the limit, when the calls must not be run.
    ///
    /// - Parameter obstacle: The reason, as the end of a sentence.
    public func refusals(because obstacle: String) -> [ToolResult] {
        (calls + (surplusResult.map { [$0.call] } ?? [])).map {
            ToolResult(call: $0, status: .notRun, parts: [.text("Not run: \(obstacle).")])
        }
    }
}
