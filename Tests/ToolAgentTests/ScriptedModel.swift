import Locks
import OllamaClient
import ToolAgent
import ToolJSON

/// A model that replies from a script and records the requests.
final class ScriptedModel: ChatModel {
    /// The script of one reply.
    struct Reply: Sendable {
        /// The end of a reply, after its lines.
        enum End: Sendable {
            case finished
            case failed(any Error)
            /// None: the reply waits until it is cancelled.
            case never
        }

        var lines: [String]
        var end = End.finished

        /// Returns a stream of JSON lines.
        static func lines(_ lines: String...) -> Reply { Reply(lines: lines) }

        static func lines(_ lines: [String]) -> Reply { Reply(lines: lines) }

        /// Returns lines that an error follows.
        static func failing(_ error: any Error, after lines: String...) -> Reply {
            Reply(lines: lines, end: .failed(error))
        }

        /// Returns lines after which the reply waits until it is cancelled.
        static func hanging(_ lines: String...) -> Reply { Reply(lines: lines, end: .never) }
    }

    /// A signal that is sent when nothing refers to the reply any more.
    private final class EndSignal: Sendable {
        private let continuation: AsyncStream<Void>.Continuation

        init(continuation: AsyncStream<Void>.Continuation) { self.continuation = continuation }

        deinit { continuation.yield() }
    }

    private struct State {
        var replies: ArraySlice<Reply>
        var requests: [ChatRequest] = []
        var chunkCount = 0
    }

    private let state: Lock<State>
    private let started = AsyncStream<Void>.makeStream()
    private let ended = AsyncStream<Void>.makeStream()

    init(_ replies: [Reply]) { state = Lock(State(replies: replies[...])) }

    /// The requests so far.
    var requests: [ChatRequest] { state.withLock(\.requests) }

    /// The number of lines that were read so far.
    var chunkCount: Int { state.withLock(\.chunkCount) }

    /// Waits for the next request.
    func waitForRequest() async { for await _ in started.stream { break } }

    /// Waits until the next reply is read to its end, cancelled or dropped.
    func waitForEndOfReply() async { for await _ in ended.stream { break } }

    func chat(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        let reply = state.withLock { state in
            state.requests.append(request)
            return state.replies.popFirst()
        }
        started.continuation.yield()
        guard let reply else {
            return AsyncThrowingStream { throw OllamaError(.invalidRequest, message: "The script is over.") }
        }
        let index = Lock(0)
        // The stream releases its closure at the end, even if it was cancelled between two lines.
        let end = EndSignal(continuation: ended.continuation)
        return AsyncThrowingStream {
            defer { withExtendedLifetime(end) {} }
            let next = index.withLock { index in
                defer { index += 1 }
                return index
            }
            if next < reply.lines.count {
                self.state.withLock { $0.chunkCount += 1 }
                return ChatChunk(try JSON(parsing: reply.lines[next]))
            }
            switch reply.end {
            case .finished: return nil
            case .failed(let error): throw error
            case .never:
                let never = AsyncStream<Void>.makeStream()
                for await _ in never.stream {}
                return nil
            }
        }
    }
}
