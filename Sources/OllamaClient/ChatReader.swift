import HTTPClient
import ToolJSON

/// Reads one answer of a model piece by piece, each when it is asked for.
actor ChatReader {
    private enum Phase {
        case unsent
        case reading(HTTPBody)
        /// The response has ended, and none of its pieces was the last one so far.
        case closed
        case finished
    }

    private let client: OllamaClient
    private let request: ChatRequest
    private var phase = Phase.unsent
    private var status = 0
    /// The start of a line that has not arrived whole yet.
    private var splitter: LineSplitter
    /// Lines that have arrived and were not asked for yet.
    private var lines: ArraySlice<[UInt8]> = []

    init(_ client: OllamaClient, _ request: ChatRequest) {
        self.client = client
        self.request = request
        splitter = LineSplitter(limit: client.maximumBytes)
    }

    /// The next piece, or `nil` after the last.
    ///
    /// - Throws: ``OllamaError`` or `CancellationError`; after that there are no more pieces.
    func next() async throws -> ChatChunk? {
        do {
            return try await nextChunk()
        } catch {
            phase = .finished
            throw error
        }
    }

    private func nextChunk() async throws -> ChatChunk? {
        while true {
            if let line = lines.popFirst() {
                // A slice keeps what was taken from it, and a line may be long.
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

    /// Reads a line.
    ///
    /// Nothing is read after the last piece.
    private func chunk(_ line: [UInt8]) throws -> ChatChunk {
        let document: JSONDocument
        do {
            document = try JSONDocument(repairing: line, maximumCalls: request.maximumCalls)
        } catch {
            throw OllamaError.notJSON(line, error.description, status: status)
        }
        let chunk = ChatChunk(
            try OllamaError.checked(document.value, line, status: status),
            surplusCalls: document.omitted[2] ?? 0
        )
        if chunk.done {
            // The end of the connection is not waited for; if it comes soon, the connection can be used again.
            if case .reading(let body) = phase { body.discard() }
            phase = .finished
            lines = []
        }
        return chunk
    }
}
