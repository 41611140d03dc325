import Locks
import OllamaClient

/// The names of the models of a server, for completion; they are requested at the first use.
final class ModelNames: Sendable {
    private let client: OllamaClient
    private let names = Lock<[String]?>(nil)

    init(_ client: OllamaClient) { self.client = client }

    /// Returns the names, or none if the server does not report them within a second.
    ///
    /// The function blocks the calling thread.
    func load() -> [String] {
        if let names = names.withLock(\.self) { return names }
        let end = Semaphore()
        let request = Task {
            defer { end.signal() }
            // A later completion asks again after a failure.
            if let models = try? await client.models() { names.withLock { $0 = models.map(\.name) } }
        }
        if !end.wait(seconds: 1) { request.cancel() }
        return names.withLock(\.self) ?? []
    }
}
