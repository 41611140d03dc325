import HTTPClient
import Locks
import OllamaClient
import ToolJSON

/// A reader of one answer of a model, which reads each piece on demand.
///
/// It is no actor, for the same reason as the reader of OllamaClient. A second task that reads at the same time gets an
/// error.
final class CompletionReader: Sendable {
    private enum Phase {
        case unsent
        case reading(HTTPBody)
        /// The connection has ended, and the events before that are still to be read.
        case closed
        /// Only the last piece is still to be returned.
        case ending
        case finished
    }

    private struct State {
        var phase = Phase.unsent
        var status = 0
        var splitter: EventSplitter
        /// The events that have arrived and are not read yet.
        var events: ArraySlice<[UInt8]> = []
        var assembly: CompletionAssembly
    }

    private let client: OpenAIClient
    private let request: ChatRequest
    /// The state, or nil while a task reads.
    private let state: Lock<State?>

    init(_ client: OpenAIClient, _ request: ChatRequest) {
        self.client = client
        self.request = request
        state = Lock(
            State(
                splitter: EventSplitter(limit: client.server.maximumBytes),
                assembly: CompletionAssembly(maximumCalls: request.maximumCalls)
            )
        )
    }

    /// Returns the next piece, or nil after the last piece.
    ///
    /// - Throws: `OllamaError` or `CancellationError`. After an error there are no more pieces.
    func next() async throws -> ChatChunk? {
        guard var current = state.withLock({ $0.take() }) else {
            throw OllamaError(.invalidRequest, message: "Another task is reading the answer.")
        }
        defer { state.withLock { [current] in $0 = current } }
        do {
            return try await nextChunk(&current)
        } catch {
            current.phase = .finished
            throw error
        }
    }

    private func nextChunk(_ state: inout State) async throws -> ChatChunk? {
        while true {
            if let event = state.events.popFirst() {
                // A slice keeps the memory of removed elements, and an event may be long.
                if state.events.isEmpty { state.events = [] }
                if let chunk = try handle(event, &state) { return chunk }
                continue
            }
            switch state.phase {
            case .finished:
                return nil
            case .ending:
                state.phase = .finished
                return state.assembly.last()
            case .closed:
                // Some servers do not send "[DONE]".
                guard state.assembly.isFinished else { throw OllamaError.incompleteResponse }
                state.phase = .ending
            case .unsent:
                let response = try await client.send(try CompletionRequest(request))
                state.status = response.status
                guard request.stream, !response.isWhole else {
                    state.phase = .finished
                    return try whole(try await client.server.collect(response), &state)
                }
                state.phase = .reading(response.body)
            case .reading(let body):
                let iterator = body.makeAsyncIterator()
                if let bytes = try await client.server.translated({ try await iterator.next() }) {
                    state.events = try state.splitter.add(bytes)[...]
                } else {
                    state.phase = .closed
                    if let last = state.splitter.finish() { state.events = [last] }
                }
            }
        }
    }

    /// Handles an event of a stream.
    ///
    /// After the end of the answer, the rest of the response is discarded.
    private func handle(_ event: [UInt8], _ state: inout State) throws -> ChatChunk? {
        if event.starts(with: Array("[DONE]".utf8)) {
            end(&state)
            return nil
        }
        let document: JSONDocument
        do {
            document = try self.document(event, state.status)
        } catch {
            // An event without its end may be cut off.
            if case .closed = state.phase { throw OllamaError.incompleteResponse }
            throw error
        }
        let chunk = try state.assembly.add(document.value, omittedCalls: document.omittedCalls)
        if state.assembly.isComplete { end(&state) }
        return chunk
    }

    private func end(_ state: inout State) {
        // If the rest of the response comes soon, the connection can be reused.
        if case .reading(let body) = state.phase { body.discard() }
        state.phase = .ending
        state.events = []
    }

    private func whole(_ bytes: [UInt8], _ state: inout State) throws -> ChatChunk {
        let document = try document(bytes, state.status)
        guard document.value["choices"]?.array != nil else {
            throw OllamaError.notJSON(bytes, "it has no choices", status: state.status, kind: .openAI)
        }
        return try state.assembly.whole(document.value, omittedCalls: document.omittedCalls)
    }

    /// Parses a response or an event, and throws the failure that it reports.
    private func document(_ bytes: [UInt8], _ status: Int) throws(OllamaError) -> JSONDocument {
        let document: JSONDocument
        do {
            document = try JSONDocument(
                repairing: bytes,
                maximumCalls: request.maximumCalls,
                callDepth: CompletionAssembly.callDepth
            )
        } catch {
            throw .notJSON(bytes, error.description, status: status, kind: .openAI, underlyingError: error)
        }
        guard document.value.object != nil else {
            throw .notJSON(bytes, "it is not an object", status: status, kind: .openAI)
        }
        if let failure = CompletionFailure.error(in: document.value) { throw failure }
        return document
    }
}

extension HTTPResponse {
    /// True if the body is one JSON value or a web page, although the request asked for a stream.
    fileprivate var isWhole: Bool {
        let type = header("Content-Type")?.lowercased() ?? ""
        return type.hasPrefix("application/json") || type.hasPrefix("text/html")
    }
}

extension JSONDocument {
    /// The number of calls that were omitted.
    var omittedCalls: Int { omitted[CompletionAssembly.callDepth] ?? 0 }
}
