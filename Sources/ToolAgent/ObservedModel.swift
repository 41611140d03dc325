import OllamaClient
import ToolJSON

/// A model whose requests and replies are reported to observers.
struct ObservedModel: ChatModel {
    let base: any ChatModel
    let observers: [ConversationEvent.Observer]

    func chat(_ request: ChatRequest) -> Chunks {
        for observe in observers { observe(.requested(request)) }
        return Chunks(base: base.chat(request), observers: observers)
    }

    func prepare(_ model: String, options: JSONObject, keepAlive: KeepAlive?) async throws -> Int? {
        try await base.prepare(model, options: options, keepAlive: keepAlive)
    }

    func details(of model: String) async throws -> ModelDetails? { try await base.details(of: model) }

    func models(with capability: String) async throws -> [String] { try await base.models(with: capability) }

    func isRemote(_ model: String) -> Bool { base.isRemote(model) }

    /// The pieces of one reply.
    struct Chunks: AsyncSequence {
        typealias Element = ChatChunk

        let base: any AsyncSequence<ChatChunk, any Error>
        let observers: [ConversationEvent.Observer]

        func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(base: base.makeAsyncIterator(), observers: observers)
        }
    }

    /// An iterator over the pieces of one reply.
    struct AsyncIterator: AsyncIteratorProtocol {
        var base: any AsyncIteratorProtocol<ChatChunk, any Error>
        let observers: [ConversationEvent.Observer]
        private var isEnded = false

        init(base: any AsyncIteratorProtocol<ChatChunk, any Error>, observers: [ConversationEvent.Observer]) {
            (self.base, self.observers) = (base, observers)
        }

        mutating func next() async throws -> ChatChunk? { try await next(isolation: nil) }

        mutating func next(isolation: isolated (any Actor)?) async throws -> ChatChunk? {
            do {
                guard let chunk = try await base.next(isolation: isolation) else {
                    end(Task.isCancelled ? .cancelled : .failed(OllamaError.incompleteResponse))
                    return nil
                }
                // A model that does not stop after its last piece violates the protocol.
                if !isEnded { report(.received(chunk)) }
                if chunk.done { end(.complete) }
                return chunk
            } catch {
                end(Task.isCancelled ? .cancelled : .failed(error))
                throw error
            }
        }

        private mutating func end(_ end: ConversationEvent.ReplyEnd) {
            guard !isEnded else { return }
            isEnded = true
            report(.replied(end: end))
        }

        private func report(_ event: ConversationEvent) {
            for observe in observers { observe(event) }
        }
    }
}
