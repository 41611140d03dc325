import OllamaClient
public import ToolHost
import ToolJSON

/// Why a text is no answer of an Ollama server.
public struct RecordedResultError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and where.
    public let message: String

    public var description: String { message }
}

/// An answer of `/api/chat` that somebody has kept: a response, the lines of a stream, or just the model's message.
public struct RecordedResult: Sendable {
    /// The calls to run, from every line.
    public let calls: [ToolCall]

    /// The one answer to all calls beyond the limit, or `nil` if there are none.
    ///
    /// It names the first of them.
    public let surplusAnswer: ToolResult?

    /// Why its calls must not be run, in a sentence; `nil` where they may be.
    public let obstacle: String?

    /// What is odd about the text, but does no harm: sentences.
    public let warnings: [String]

    private static let maximumWarnings = 16

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - maximumCalls: The most calls to run.
    /// - Throws: ``RecordedResultError`` where it is not JSON of one of the known shapes, or too long; `OllamaError` where it
    ///   records that the server failed.
    public init(parsing bytes: [UInt8], maximumCalls: Int = ToolLimits().calls) throws {
        let maximumCalls = min(max(maximumCalls, 0), 100_000)
        var turn = TurnAssembly(maximumCalls: maximumCalls)
        var isStream = false
        var warnings: [String] = []
        if let document = try? JSONDocument(answer: bytes, maximumCalls: maximumCalls + 1) {
            let whole = document.value
            warnings = document.warnings
            if whole.object == nil {
                throw RecordedResultError(
                    message: "Expected a chat response, an assistant message or the lines of a stream; "
                        + "this is JSON of type \(whole.typeName)."
                )
            }
            try Self.add(document, to: &turn)
            isStream = whole["done"]?.bool == false
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
                    throw RecordedResultError(message: "Line \(number) is not valid JSON: \(error).")
                }
                warnings += document.warnings.prefix(Self.maximumWarnings - warnings.count)
                try Self.add(document, to: &turn)
                isEmpty = false
            }
            if isEmpty { throw RecordedResultError(message: "There is nothing to read: the input is empty.") }
        }
        self.warnings = warnings
        calls = turn.calls.map(ToolCall.init)
        surplusAnswer = turn.surplus.map { $0.answer(to: ToolCall($0.first)) }
        if turn.isTruncated {
            obstacle = "the message was cut off at the length limit"
        } else if isStream, !turn.isComplete {
            obstacle = "the stream ended before the message was complete"
        } else {
            obstacle = nil
        }
    }

    private static func add(_ document: JSONDocument, to turn: inout TurnAssembly) throws {
        let chunk = try chunk(document)
        do {
            try turn.add(chunk)
        } catch {
            throw RecordedResultError(message: error.message)
        }
    }

    /// A line of a stream or a whole response has a `message`; a bare message is one.
    private static func chunk(_ document: JSONDocument) throws -> ChatChunk {
        let json = document.value
        func surplus(_ depth: Int) -> Int { document.omitted[depth] ?? 0 }
        if let failure = OllamaError.recorded(json) { throw failure }
        if json["message"]?.object != nil { return ChatChunk(json, surplusCalls: surplus(2)) }
        if json["role"] != nil || json["tool_calls"] != nil {
            return ChatChunk(["message": json, "done": true], surplusCalls: surplus(1))
        }
        if json["done"]?.bool != nil { return ChatChunk(json) }
        throw RecordedResultError(
            message: "Expected a chat response, an assistant message or the lines of a stream; "
                + "this object has no \"message\", \"role\" or \"tool_calls\"."
        )
    }

    /// The answers to calls that must not be run.
    public func refusals(_ obstacle: String) -> [ToolResult] {
        (calls + (surplusAnswer.map { [$0.call] } ?? [])).map {
            ToolResult(call: $0, status: .notRun, parts: [.text("Not run: \(obstacle).")])
        }
    }
}
