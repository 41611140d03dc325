import Locks
import OllamaClient
import ToolJSON

/// A model that gets requests in the form that it reads, and whose calls have the names of the agent's tools.
///
/// The conversation of the agent, its events and recordings keep the usual form.
final class AdaptedModel: ChatModel {
    private let base: any ChatModel
    /// False if requests are only passed on, as in a replay.
    private let adapts: Bool
    private let adaptation = Lock(RequestAdaptation())

    init(base: any ChatModel, adapts: Bool) {
        (self.base, self.adapts) = (base, adapts)
    }

    /// Takes the form of requests that the details of the model ask for.
    func adapt(to details: ModelDetails) { adaptation.withLock { $0.adapt(to: ModelTraits(details)) } }

    /// Omits `think` from requests.
    func omitThinking() { adaptation.withLock { $0.omitsThinking = true } }

    /// Changes the form of requests after a failure that shows that the model cannot read the present one.
    ///
    /// - Returns: A sentence about the change, or nil if no change helps.
    func mend(after error: any Error, _ request: ChatRequest) -> String? {
        guard let error = error as? OllamaError else { return nil }
        return adaptation.withLock { $0.mend(after: error, request) }
    }

    func chat(_ request: ChatRequest) -> Chunks {
        guard adapts else { return Chunks(base: base.chat(request), aliases: ToolAliases()) }
        let (request, aliases) = adaptation.withLock(\.self).adapted(request)
        return Chunks(base: base.chat(request), aliases: aliases)
    }

    func prepare(_ model: String, options: JSONObject, keepAlive: KeepAlive?) async throws -> Int? {
        try await base.prepare(model, options: options, keepAlive: keepAlive)
    }

    func details(of model: String) async throws -> ModelDetails? { try await base.details(of: model) }

    func models(with capability: String) async throws -> [String] { try await base.models(with: capability) }

    /// The pieces of one reply.
    struct Chunks: AsyncSequence {
        typealias Element = ChatChunk

        let base: any AsyncSequence<ChatChunk, any Error>
        let aliases: ToolAliases

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base.makeAsyncIterator(), aliases: aliases) }
    }

    /// An iterator over the pieces of one reply.
    struct AsyncIterator: AsyncIteratorProtocol {
        var base: any AsyncIteratorProtocol<ChatChunk, any Error>
        let aliases: ToolAliases

        mutating func next() async throws -> ChatChunk? { try await next(isolation: nil) }

        mutating func next(isolation: isolated (any Actor)?) async throws -> ChatChunk? {
            try await base.next(isolation: isolation).map(aliases.original)
        }
    }
}
