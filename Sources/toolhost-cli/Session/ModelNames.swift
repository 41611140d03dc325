import Locks

/// The names of the models of a server, for completion; they are requested at the first use.
final class ModelNames: Sendable {
    private let server: ModelServer
    private let names = Lock<[String]?>(nil)

    init(_ server: ModelServer) { self.server = server }

    /// Returns the names, or none if the server does not report them within a second.
    ///
    /// The function blocks the calling thread.
    func load() -> [String] {
        if let names = names.withLock(\.self) { return names }
        let end = Semaphore()
        let request = Task {
            defer { end.signal() }
            // A later completion asks again after a failure.
            if let models = try? await server.modelNames() { names.withLock { $0 = models } }
        }
        if !end.wait(seconds: 1) { request.cancel() }
        return names.withLock(\.self) ?? []
    }
}
