import Glibc
import Synchronization

/// Turns Ctrl-C and SIGTERM into a call: cancelling what runs, or ending the command where nothing does.
enum Interrupts {
    private static let handler = Mutex<(@Sendable () -> Void)?>(nil)

    /// Takes the signals over.
    ///
    /// Must come first: threads inherit the mask of the one that starts them.
    static func prepare() {
        var set = signals
        pthread_sigmask(SIG_BLOCK, &set, nil)
        var thread = pthread_t()
        let failure = pthread_create(
            &thread,
            nil,
            { _ in
                Interrupts.serve()
                return nil
            },
            nil
        )
        // Without the thread, the signals keep their usual meaning.
        if failure != 0 { pthread_sigmask(SIG_UNBLOCK, &set, nil) }
    }

    private static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, signal) }
        return set
    }

    private static func serve() {
        var set = signals
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            let handler = handler.withLock { handler in
                // The second signal means it.
                defer { handler = nil }
                return handler
            }
            if let handler, number == SIGINT { handler() } else { Console.exit(.interrupted) }
        }
    }

    /// Runs work that Ctrl-C cancels; a second Ctrl-C ends the command.
    static func cancelling<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value
    {
        let task = Task { try await work() }
        handler.withLock { $0 = { task.cancel() } }
        defer { handler.withLock { $0 = nil } }
        return try await task.value
    }
}
