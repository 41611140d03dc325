import CWorker
import Glibc
import SystemPackage
import ToolRuntime

/// The spawner of worker processes, which starts all of them from one thread that never exits.
///
/// By hand and not with swift-subprocess, because the kernel kills a worker with the thread that started it
/// (`PR_SET_PDEATHSIG`).
final class WorkerSpawner: Sendable {
    /// The spawner of this process.
    static let shared = WorkerSpawner()

    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isRunning = false
    }

    private let monitor = Monitor(State())

    /// Starts a process.
    ///
    /// Blocks the calling thread until the process has started.
    ///
    /// - Parameter program: The path of the worker program, as it was checked.
    func spawn(
        _ program: String,
        environment: [String: String],
        bounds: ProcessGroup.Bounds
    ) throws(WorkerError) -> WorkerProcess {
        let outcome = Monitor<Result<WorkerProcess, WorkerError>?>(nil)
        let mustStart = monitor.change { state in
            state.jobs.append {
                let result = Result { () throws(WorkerError) in
                    try Self.spawn(program, environment: environment, bounds: bounds)
                }
                outcome.change { $0 = result }
            }
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if mustStart, !HostThreads.shared.run({ [self] in serve() }) {
            monitor.change { $0 = State() }
            throw WorkerError("The system has no thread left to start a worker process on.")
        }
        return try outcome.wait { $0.map { .done($0) } ?? .wait(until: nil) }.get()
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

    // MARK: - System calls

    private static func spawn(
        _ program: String,
        environment: [String: String],
        bounds: ProcessGroup.Bounds
    ) throws(WorkerError) -> WorkerProcess {
        var ends = Ends()
        do throws(WorkerError) {
            try ends.open()
            let child = try start(program, environment, ends)
            ends.closeChildEnds()
            let exit = worker_process_descriptor(child)
            return WorkerProcess(
                child: child,
                bounds: bounds,
                socket: ends.socket,
                notes: ends.notes,
                output: ends.output,
                exitDescriptor: exit,
                poller: try poller(child, ends, exit)
            )
        } catch {
            ends.closeAll()
            throw error
        }
    }

    /// Returns the poller of a process, which is killed if there can be none.
    private static func poller(_ child: pid_t, _ ends: Ends, _ exit: Int32) throws(WorkerError) -> WorkerPoller {
        do throws(Errno) {
            return try WorkerPoller(socket: ends.socket, output: ends.output, exit: exit)
        } catch {
            kill(child, SIGKILL)
            waitpid(child, nil, 0)
            if exit >= 0 { close(exit) }
            throw WorkerError("A worker process cannot be connected: \(error).")
        }
    }

    /// The ends of the socket and the pipes between a host and a worker.
    private struct Ends {
        private static let closed = FileDescriptor(rawValue: -1)
        var socket = closed
        var notes = closed
        var output = closed
        var childSocket = closed
        var childNotes = closed
        var childOutput = closed
        /// A pipe without a writer: at its end from the beginning, even in a system without `/dev/null`.
        var childInput = closed

        mutating func open() throws(WorkerError) {
            do throws(Errno) {
                (socket, childSocket) = try Self.socketPair()
                (notes, childNotes) = try Self.moved(FileDescriptor.pipe(options: .closeOnExec))
                (output, childOutput) = try Self.moved(FileDescriptor.pipe(options: .closeOnExec))
                let writer: FileDescriptor
                (childInput, writer) = try Self.moved(FileDescriptor.pipe(options: .closeOnExec))
                try? writer.close()
            } catch {
                throw WorkerError("A worker process cannot be connected: \(error).")
            }
            for descriptor in [notes, output, socket] { _ = fcntl(descriptor.rawValue, F_SETFL, O_NONBLOCK) }
        }

        func closeChildEnds() {
            for descriptor in [childSocket, childNotes, childOutput, childInput] { try? descriptor.close() }
        }

        func closeAll() {
            for descriptor in [socket, notes, output] { try? descriptor.close() }
            closeChildEnds()
        }

        private static func socketPair() throws(Errno) -> (FileDescriptor, FileDescriptor) {
            var pair: [Int32] = [-1, -1]
            let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw Errno(rawValue: errno) }
            return try moved((FileDescriptor(rawValue: pair[0]), FileDescriptor(rawValue: pair[1])))
        }

        /// Moves a pair out of the way of the low numbers that the child is given.
        private static func moved(
            _ pair: (FileDescriptor, FileDescriptor)
        ) throws(Errno) -> (FileDescriptor, FileDescriptor) {
            let high = [pair.0, pair.1].map { fcntl($0.rawValue, F_DUPFD_CLOEXEC, 16) }
            let failure = Errno(rawValue: errno)
            for descriptor in [pair.0, pair.1] { try? descriptor.close() }
            let moved = high.map { FileDescriptor(rawValue: $0) }
            guard high.allSatisfy({ $0 >= 0 }) else {
                for descriptor in moved { try? descriptor.close() }
                throw failure
            }
            return (moved[0], moved[1])
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
        posix_spawn_file_actions_adddup2(&actions, ends.childInput.rawValue, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends.childOutput.rawValue, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends.childOutput.rawValue, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends.childSocket.rawValue, 3)
        posix_spawn_file_actions_adddup2(&actions, ends.childNotes.rawValue, 4)
        // A plugin must not inherit the other descriptors of this program.
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
        // A separate group: Ctrl-C at the terminal is for the host, and the group is killed as a whole.
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
            let reason = Errno(rawValue: failure)
            throw WorkerError("The worker program \(program) cannot be started: \(reason).", remedy: .reinstall)
        }
        return child
    }
}

/// Calls a closure with strings as a C array that ends with NULL.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let array = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { array[index] = strdup(string) }
    array[strings.count] = nil
    defer {
        for index in strings.indices { free(array[index]) }
        array.deallocate()
    }
    return body(array)
}
