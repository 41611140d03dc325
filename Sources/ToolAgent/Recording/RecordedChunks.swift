package import OllamaClient
import ToolJSON

/// The pieces of a recorded reply.
package struct RecordedChunks: AsyncSequence, Sendable {
    package typealias Element = ChatChunk

    let recording: Recording
    let turn: Recording.Turn?
    /// True if the user cancelled the response after the reply.
    let isCancelled: Bool
    /// The difference between the recording and the replay, which ends the replay.
    let problem: AgentError?

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: self, next: turn?.chunks.lowerBound ?? 0)
    }

    /// An iterator over the pieces.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let chunks: RecordedChunks
        fileprivate var next: Int

        package mutating func next() async throws -> ChatChunk? {
            if let problem = chunks.problem { throw problem }
            guard let turn = chunks.turn, !Task.isCancelled else { return nil }
            if next < turn.chunks.upperBound {
                let (content, line) = chunks.recording.content(next)
                next += 1
                let surplus = line["surplus_calls"]?.int(in: 0...1 << 30) ?? 0
                return ChatChunk(content, surplusCalls: surplus)
            }
            switch turn.end {
            case .complete:
                if chunks.isCancelled { Replay.cancelResponse() }
                return nil
            case .cancelled:
                Replay.cancelResponse()
                return nil
            case .failed(let line): throw OllamaError(recorded: chunks.recording.content(line).content)
            case .abandoned:
                throw Recording.error(turn.chunks.upperBound - 1, "The recorded reply ends after this line.")
            }
        }
    }
}
