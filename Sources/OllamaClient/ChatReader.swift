import HTTPClient
import ToolJSON

/// A reader of one answer of a model, which reads each piece on demand.
actor ChatReader {
    private enum Phase {
        case unsent
        case reading(HTTPBody)
        /// The response has ended, and no piece so far was marked as the last one.
        case closed
        case finished
    }

    private let client: OllamaClient
    private let request: ChatRequest
    private var phase = Phase.unsent
    private var status = 0
    /// The beginning of a line that is not complete yet.
    private var splitter: LineSplitter
    /// The lines that have arrived and are not read yet.
    private var lines: ArraySlice<[UInt8]> = []

    init(_ client: OllamaClient, _ request: ChatRequest) {
        self.client = client
        self.request = request
        splitter = LineSplitter(limit: client.maximumBytes)
    }

    /// Returns the next piece, or nil after the last piece.
    ///
    /// - Throws: ``OllamaError`` or `CancellationError`. After an error there are no more pieces.
    func next() async throws -> ChatChunk? {
        do {
            return try await nextChunk()
        } catch {
            phase = .finished
            throw OllamaError.naming(request.model, in: error)
        }
    }

    private func nextChunk() async throws -> ChatChunk? {
        while true {
            if let line = lines.popFirst() {
                // A slice keeps the memory of removed elements, and a line may be long.
                if lines.isEmpty { lines = [] }
                return try chunk(line)
            }
            switch phase {
            case .finished:
                return nil
            case .closed:
                throw OllamaError.incompleteResponse
            case .unsent:
                let response = try await client.send(.post, "/api/chat") { [request] in request.write(to: &$0) }
                status = response.status
                if request.stream {
                    phase = .reading(response.body)
                } else {
                    phase = .closed
                    lines = [try await client.collect(response)]
                }
            case .reading(let body):
                let iterator = body.makeAsyncIterator()
                guard let bytes = try await client.translated({ try await iterator.next() }) else {
                    phase = .closed
                    if let last = splitter.finish() { lines = [last] }
                    continue
                }
                lines = try splitter.add(bytes)[...]
            }
        }
    }

    /// Parses a line.
    ///
    /// After the last piece, the rest of the response is discarded.
    private func chunk(_ line: [UInt8]) throws -> ChatChunk {
        let document: JSONDocument
        do {
            document = try JSONDocument(repairing: line, maximumCalls: request.maximumCalls)
        } catch {
            throw OllamaError.notJSON(line, error.description, status: status, underlyingError: error)
        }
        let chunk = ChatChunk(
            try OllamaError.checked(document.value, line, status: status),
            surplusCalls: document.omitted[2] ?? 0
        )
        if chunk.done {
            // Do not wait for the end of the response. If it comes soon, the connection can be reused.
            if case .reading(let body) = phase { body.discard() }
            phase = .finished
            lines = []
        }
        return chunk
    }
}
