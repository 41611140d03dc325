import Glibc
import Locks

/// The handling of Ctrl-C: it cancels the work that runs, or exits if there is none.
enum Interrupts {
    private static let handler = Lock<(@Sendable () -> Void)?>(nil)

    /// The pipe that carries the number of each signal from its handler to a thread that may call more functions.
    private static let pipe: (reader: Int32, writer: Int32)? = {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // A full pipe must not block the signal handler.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        return (ends[0], ends[1])
    }()

    /// Installs the handlers of the signals.
    ///
    /// Masking the signals for all threads but one would be simpler but does not work: the main thread of an `async`
    /// program waits with all signals unmasked. If no thread can be started, the signals keep their default action.
    static func prepare() {
        guard pipe != nil else { return }
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
        guard failure == 0 else { return }
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            // A signal that the parent process has the program ignore, as nohup does, stays ignored.
            guard sigaction(number, nil, &action) == 0, !isIgnored(action) else { continue }
            action = sigaction()
            action.sa_flags = SA_RESTART
            action.__sigaction_handler.sa_handler = { number in
                let code = errno
                var byte = UInt8(truncatingIfNeeded: number)
                if let writer = Interrupts.pipe?.writer { _ = write(writer, &byte, 1) }
                errno = code
            }
            sigaction(number, &action, nil)
        }
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static func serve() {
        guard let reader = pipe?.reader else { return }
        var number: UInt8 = 0
        while true {
            let count = read(reader, &number, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return }
            let handler = handler.withLock { handler in
                // The second signal exits.
                defer { handler = nil }
                return handler
            }
            if let handler, number == SIGINT { handler() } else { Console.exit(.interrupted) }
        }
    }

    /// Runs work that Ctrl-C cancels; a second Ctrl-C exits.
    static func cancelling<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value
    {
        let task = Task { try await work() }
        handler.withLock { $0 = { task.cancel() } }
        defer { handler.withLock { $0 = nil } }
        return try await task.value
    }
}
