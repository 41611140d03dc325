import OllamaClient
import OpenAIClient
import ToolJSON

extension RecordedResponse {
    /// Returns true if a recording consists of the server-sent events that `/v1/chat/completions` streams.
    static func isEventStream(_ bytes: [UInt8]) -> Bool {
        let start = bytes.drop { $0 <= 0x20 }
        return ["data:", ":", "event:"].contains { start.starts(with: $0.utf8) }
    }

    /// Adds the pieces of a recorded stream of events to a message.
    ///
    /// The calls of a stream without its end are added, too, and leave the message incomplete.
    static func addEvents(_ bytes: [UInt8], maximumCalls: Int, to turn: inout TurnAssembly) throws {
        var assembly = CompletionAssembly(maximumCalls: maximumCalls)
        var splitter = EventSplitter(limit: bytes.count)
        var hasEnd = false
        let events = try splitter.add(bytes) + (splitter.finish().map { [$0] } ?? [])
        for (number, event) in events.enumerated() {
            hasEnd = event.starts(with: "[DONE]".utf8)
            if hasEnd { break }
            let document: JSONDocument
            do {
                document = try JSONDocument(
                    answer: event,
                    maximumCalls: maximumCalls,
                    callDepth: CompletionAssembly.callDepth
                )
            } catch {
                throw AgentError(
                    .invalidRecording,
                    message: "Event \(number + 1) is not valid JSON: \(error).",
                    underlyingError: error
                )
            }
            if let failure = CompletionFailure.error(in: document.value) { throw failure }
            let omitted = document.omitted[CompletionAssembly.callDepth] ?? 0
            if let chunk = try assembly.add(document.value, omittedCalls: omitted) { try add(chunk, to: &turn) }
        }
        try add(assembly.last(isComplete: hasEnd || assembly.isFinished), to: &turn)
    }

    /// Returns the piece that a whole response of `/v1/chat/completions` holds, or nil if the document is not one.
    static func completion(_ document: JSONDocument, maximumCalls: Int) throws -> ChatChunk? {
        guard document.value["choices"]?.array != nil else { return nil }
        var assembly = CompletionAssembly(maximumCalls: maximumCalls)
        return try assembly.whole(document.value, omittedCalls: document.omitted[CompletionAssembly.callDepth] ?? 0)
    }
}
