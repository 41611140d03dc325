import Glibc
import Locks
import Terminal

/// The handling of Ctrl-C: it cancels the work that runs, acts on the line that is typed, or exits if there is neither.
enum Interrupts {
    private struct State {
        /// True while work runs that Ctrl-C cancels.
        var isWorking = false
        /// Cancels the work, unless it is cancelled already.
        var cancel: (@Sendable () -> Void)?
        /// True once the user knows that the work is being cancelled.
        var isAnnounced = false
        /// The editor of a chat, which goes on after the work.
        var editor: LineEditor?
    }

    private static let state = Lock(State())

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
            if number == SIGINT { handle() } else { Console.exit(.interrupted) }
        }
    }

    /// Acts as Ctrl-C does.
    ///
    /// The function never blocks, because the thread that handles signals calls it.
    static func handle() {
        let action = state.withLock { state -> (@Sendable () -> Void)? in
            if let cancel = state.cancel {
                state.cancel = nil
                return cancel
            }
            guard let editor = state.editor else { return nil }
            if !state.isWorking { return { editor.interrupt() } }
            if state.isAnnounced { return nil }
            // A chat is worth more than a cancelled call that takes long to end.
            state.isAnnounced = true
            return { Task { Console.error.line("Still cancelling. Ctrl-C again exits.", as: .event) } }
        }
        if let action { action() } else { Console.exit(.interrupted) }
    }

    /// Sets the editor of a chat, on whose line Ctrl-C acts while no work runs; nil for none.
    static func use(_ editor: LineEditor?) { state.withLock { $0.editor = editor } }

    /// Runs work that Ctrl-C cancels; Ctrl-C again exits, in a chat at the third time.
    static func cancelling<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value
    {
        // Ctrl-C at the first output of the work must find the task.
        let task = state.withLock { state in
            let task = Task { try await work() }
            (state.isWorking, state.cancel, state.isAnnounced) = (true, { task.cancel() }, false)
            return task
        }
        defer { state.withLock { ($0.isWorking, $0.cancel, $0.isAnnounced) = (false, nil, false) } }
        return try await task.value
    }
}
