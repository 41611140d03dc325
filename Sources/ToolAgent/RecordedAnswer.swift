import OllamaClient
public import ToolHost
import ToolJSON

/// Why a text is no answer of an Ollama server.
public struct RecordedAnswerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and where.
    public let message: String

    public var description: String { message }
}

/// An answer of `/api/chat` that somebody has kept: a response, the lines of a stream, or just the model's message.
public struct RecordedAnswer: Sendable {
    /// The calls in it, from every line.
    public let calls: [ToolCall]

    /// Why its calls must not be run, in a sentence; `nil` where they may be.
    public let obstacle: String?

    /// What is odd about the text, but does no harm: sentences.
    public let warnings: [String]

    /// Reads a text.
    ///
    /// - Throws: ``RecordedAnswerError`` where it is not JSON of one of the known shapes; `OllamaError` where it
    ///   records that the server failed.
    public init(parsing bytes: [UInt8]) throws {
        var chunks: [ChatChunk] = []
        var isStream = false
        var warnings: [String] = []
        if let document = try? JSONDocument(parsing: bytes) {
            let whole = document.value
            warnings = document.warnings
            if whole.object == nil {
                throw RecordedAnswerError(
                    message: "Expected a chat response, an assistant message or the lines of a stream; "
                        + "this is JSON of type \(whole.typeName)."
                )
            }
            chunks = [try Self.chunk(whole)]
            isStream = whole["done"]?.bool == false
        } else {
            isStream = true
            for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated()
            where line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) {
                let document: JSONDocument
                do {
                    document = try JSONDocument(parsing: line)
                } catch {
                    throw RecordedAnswerError(message: "Line \(index + 1) is not valid JSON: \(error).")
                }
                warnings += document.warnings
                chunks.append(try Self.chunk(document.value))
            }
            if chunks.isEmpty { throw RecordedAnswerError(message: "There is nothing to read: the input is empty.") }
        }
        var turn = TurnAssembly()
        for chunk in chunks { try turn.add(chunk) }
        self.warnings = warnings
        calls = turn.calls.map { ToolCall(id: $0.id, name: $0.name, arguments: $0.arguments ?? .null) }
        if turn.isTruncated {
            obstacle = "the message was cut off at the length limit"
        } else if isStream, !turn.isComplete {
            obstacle = "the stream ended before the message was complete"
        } else {
            obstacle = nil
        }
    }

    /// A line of a stream or a whole response has a `message`; a bare message is one.
    private static func chunk(_ json: JSON) throws -> ChatChunk {
        if let failure = OllamaError.recorded(json) { throw failure }
        if json["message"]?.object != nil { return ChatChunk(json) }
        if json["role"] != nil || json["tool_calls"] != nil { return ChatChunk(["message": json, "done": true]) }
        if json["done"]?.bool != nil { return ChatChunk(json) }
        throw RecordedAnswerError(
            message: "Expected a chat response, an assistant message or the lines of a stream; "
                + "this object has no \"message\", \"role\" or \"tool_calls\"."
        )
    }

    /// The answers to calls that must not be run.
    public func refusals(_ obstacle: String) -> [ToolAnswer] {
        calls.map { ToolAnswer(call: $0, status: .notRun, parts: [.text("Not run: \(obstacle).")]) }
    }
}
