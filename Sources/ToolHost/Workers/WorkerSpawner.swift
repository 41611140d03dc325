import CWorker
import Glibc
import Synchronization
import ToolRuntime

/// Starts worker processes, all of them from one thread that never ends: the kernel ends a worker with the thread that
/// started it.
final class WorkerSpawner: Sendable {
    /// The spawner of this process.
    static let shared = WorkerSpawner()

    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isRunning = false
    }

    private let monitor = Monitor(State())

    /// Starts a process, and waits until it has begun.
    ///
    /// - Throws: ``WorkerError`` in words that say what to do.
    func spawn(
        _ program: String,
        environment: [String: String],
        bounds: ProcessGroup.Bounds
    ) throws(WorkerError) -> WorkerProcess {
        let answer = Monitor<Result<WorkerProcess, WorkerError>?>(nil)
        let mustStart = monitor.change { state in
            state.jobs.append {
                let result = Result { () throws(WorkerError) in
                    try Self.spawn(program, environment: environment, bounds: bounds)
                }
                answer.change { $0 = result }
            }
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if mustStart, !HostThreads.shared.run({ [self] in serve() }) {
            monitor.change { $0 = State() }
            throw WorkerError("The system has no thread left to start a worker process on.")
        }
        return try answer.wait { $0.map { .done($0) } ?? .wait(until: nil) }.get()
    }

    private func serve() {
        while true {
            let jobs = monitor.wait { state -> Monitor<State>.Waiting<[@Sendable () -> Void]> in
                guard !state.jobs.isEmpty else { return .wait(until: nil) }
                defer { state.jobs = [] }
                return .done(state.jobs)
            }
            for job in jobs { job() }
        }
    }

    // MARK: - The system's calls

    private static func spawn(
        _ program: String,
        environment: [String: String],
        bounds: ProcessGroup.Bounds
    ) throws(WorkerError) -> WorkerProcess {
        let program = try checked(program)
        var ends = Ends()
        do throws(WorkerError) {
            try ends.open()
            let child = try start(program, environment, ends)
            ends.closeChildEnds()
            return WorkerProcess(
                child: child,
                bounds: bounds,
                socket: ends.socket,
                notes: ends.notes,
                output: ends.output,
                ending: worker_process_descriptor(child)
            )
        } catch {
            ends.closeAll()
            throw error
        }
    }

    /// The real path of the worker program, which only this user and root may have put there.
    private static func checked(_ program: String) throws(WorkerError) -> String {
        var scan = FileScan()
        let reason: String
        switch scan.locate(program) {
        case .found(let real, let status):
            if let writer = status.foreignWriter(at: real) {
                throw WorkerError(
                    "\(writer) could replace the worker program \(real), so it is not started. Make it yours alone: "
                        + status.remedy(real)
                )
            }
            if access(real, X_OK) == 0 { return real }
            reason = "Cannot be opened: \(errorText(errno))."
        case .missing: reason = "Cannot be opened: \(errorText(ENOENT))."
        case .fault(let fault): reason = fault.sentence
        }
        throw WorkerError(
            "The worker program \(program) cannot be run. \(reason) Install toolhost again as a whole, or run plugins "
                + "without protection: --in-process."
        )
    }

    /// Both ends of what connects a host with a worker.
    private struct Ends {
        var socket: Int32 = -1
        var notes: Int32 = -1
        var output: Int32 = -1
        var childSocket: Int32 = -1
        var childNotes: Int32 = -1
        var childOutput: Int32 = -1
        /// A pipe that nobody writes to: at its end from the beginning, even where there is no `/dev/null`.
        var childInput: Int32 = -1

        mutating func open() throws(WorkerError) {
            (socket, childSocket) = try Self.pair { socketpair(AF_UNIX, Self.streamSocket, 0, $0) }
            (notes, childNotes) = try Self.pair { worker_pipe($0) }
            (output, childOutput) = try Self.pair { worker_pipe($0) }
            let writer: Int32
            (childInput, writer) = try Self.pair { worker_pipe($0) }
            close(writer)
            for descriptor in [notes, output, socket] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
        }

        func closeChildEnds() {
            for descriptor in [childSocket, childNotes, childOutput, childInput] where descriptor >= 0 {
                close(descriptor)
            }
        }

        func closeAll() {
            for descriptor in [socket, notes, output] where descriptor >= 0 { close(descriptor) }
            closeChildEnds()
        }

        private static let streamSocket = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

        private static func pair(_ make: (UnsafeMutablePointer<Int32>) -> Int32) throws(WorkerError) -> (Int32, Int32) {
            var pair: [Int32] = [-1, -1]
            guard make(&pair) == 0 else {
                throw WorkerError("A worker process cannot be connected: \(errorText(errno)).")
            }
            // Out of the way of the low numbers that the child is given.
            let high = pair.map { fcntl($0, F_DUPFD_CLOEXEC, 16) }
            for descriptor in pair { close(descriptor) }
            guard high.allSatisfy({ $0 >= 0 }) else {
                let reason = errorText(errno)
                for descriptor in high where descriptor >= 0 { close(descriptor) }
                throw WorkerError("A worker process cannot be connected: \(reason).")
            }
            return (high[0], high[1])
        }
    }

    private static func start(
        _ program: String,
        _ environment: [String: String],
        _ ends: Ends
    ) throws(WorkerError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends.childInput, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends.childOutput, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends.childOutput, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends.childSocket, 3)
        posix_spawn_file_actions_adddup2(&actions, ends.childNotes, 4)
        // Whatever else this program has open is none of a plugin's business.
        worker_close_descriptors(&actions, 5)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // A group of its own: Ctrl-C at the terminal is for the host, and what a worker starts goes with it.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)
        )
        let arguments = [program, String(getpid())]
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        var child: pid_t = 0
        let failure = withCStrings(arguments) { arguments in
            withCStrings(variables) { variables in
                posix_spawn(&child, program, &actions, &attributes, arguments, variables)
            }
        }
        guard failure == 0 else {
            throw WorkerError(
                "The worker program \(program) cannot be started: \(errorText(failure)). Install toolhost again as a "
                    + "whole, or run plugins without protection: --in-process."
            )
        }
        return child
    }
}

/// Why there is no worker process, or none any more: a sentence that says what to do.
struct WorkerError: Error, Sendable {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

/// Lends texts to C, as an array of strings that ends with NULL.
private func withCStrings<Result>(
    _ texts: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let strings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
    for (index, text) in texts.enumerated() { strings[index] = strdup(text) }
    strings[texts.count] = nil
    defer {
        for index in texts.indices { free(strings[index]) }
        strings.deallocate()
    }
    return body(strings)
}
