import HTTPClient
import Locks
import ToolJSON

/// A reader of one answer of a model, which reads each piece on demand.
///
/// It is no actor: entering and leaving one would switch threads twice for each piece, if the task that reads has an
/// executor. A second task that reads at the same time gets an error instead.
final class ChatReader: Sendable {
    private enum Phase {
        case unsent
        case reading(HTTPBody)
        /// The response has ended, and no piece so far was marked as the last one.
        case closed
        case finished
    }

    private struct State {
        var phase = Phase.unsent
        var status = 0
        /// The beginning of a line that is not complete yet.
        var splitter: LineSplitter
        /// The lines that have arrived and are not read yet.
        var lines: ArraySlice<[UInt8]> = []
    }

    private let client: OllamaClient
    private let request: ChatRequest
    /// The state, or nil while a task reads.
    private let state: Lock<State?>

    init(_ client: OllamaClient, _ request: ChatRequest) {
        self.client = client
        self.request = request
        state = Lock(State(splitter: LineSplitter(limit: client.maximumBytes)))
    }

    /// Returns the next piece, or nil after the last piece.
    ///
    /// - Throws: ``OllamaError`` or `CancellationError`. After an error there are no more pieces.
    func next() async throws -> ChatChunk? {
        guard var current = state.withLock({ $0.take() }) else {
            throw OllamaError(.invalidRequest, message: "Another task is reading the answer.")
        }
        defer { state.withLock { [current] in $0 = current } }
        do {
            return try await nextChunk(&current)
        } catch {
            current.phase = .finished
            throw OllamaError.naming(request.model, in: error)
        }
    }

    private func nextChunk(_ state: inout State) async throws -> ChatChunk? {
        while true {
            if let line = state.lines.popFirst() {
                // A slice keeps the memory of removed elements, and a line may be long.
                if state.lines.isEmpty { state.lines = [] }
                return try chunk(line, &state)
            }
            switch state.phase {
            case .finished:
                return nil
            case .closed:
                throw OllamaError.incompleteResponse
            case .unsent:
                let response = try await client.send(.post, "/api/chat") { [request] in request.write(to: &$0) }
                state.status = response.status
                if request.stream {
                    state.phase = .reading(response.body)
                } else {
                    state.phase = .closed
                    state.lines = [try await client.collect(response)]
                }
            case .reading(let body):
                let iterator = body.makeAsyncIterator()
                guard let bytes = try await client.translated({ try await iterator.next() }) else {
                    state.phase = .closed
                    if let last = state.splitter.finish() { state.lines = [last] }
                    continue
                }
                state.lines = try state.splitter.add(bytes)[...]
            }
        }
    }

    /// Parses a line.
    ///
    /// After the last piece, the rest of the response is discarded.
    private func chunk(_ line: [UInt8], _ state: inout State) throws -> ChatChunk {
        let document: JSONDocument
        do {
            document = try JSONDocument(repairing: line, maximumCalls: request.maximumCalls)
        } catch {
            throw OllamaError.notJSON(line, error.description, status: state.status, underlyingError: error)
        }
        let chunk = ChatChunk(
            try OllamaError.checked(document.value, line, status: state.status),
            surplusCalls: document.omitted[2] ?? 0
        )
        if chunk.done {
            // Do not wait for the end of the response. If it comes soon, the connection can be reused.
            if case .reading(let body) = state.phase { body.discard() }
            state.phase = .finished
            state.lines = []
        }
        return chunk
    }
}
