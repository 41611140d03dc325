import Glibc
import Synchronization
import ToolRuntime

/// A watch that checks the resources of busy workers, on one thread for all of them.
///
/// It also arms the sockets that callers have left. The thread sleeps while no worker is busy.
final class WorkerWatch: Sendable {
    /// The watch of this process.
    static let shared = WorkerWatch()

    private struct State {
        var processes: [ObjectIdentifier: WorkerProcess] = [:]
        var isRunning = false
        var isWoken = false
    }

    private let monitor = Monitor(State())
    private let isAsleep = Atomic(true)

    /// The pause between two checks in microseconds.
    ///
    /// A process needs ten times as long to write a gibibyte.
    private static let pause: useconds_t = 20_000
    /// The number of checks without a busy worker before the thread sleeps.
    ///
    /// Waking it for each call would cost more.
    private static let linger = 10

    /// Adds a process, which is checked while it is busy.
    func add(_ process: WorkerProcess) {
        monitor.changeQuietly { $0.processes[ObjectIdentifier(process)] = process }
        wake()
    }

    /// Removes a process that has ended.
    func remove(_ process: WorkerProcess) {
        monitor.changeQuietly { _ = $0.processes.removeValue(forKey: ObjectIdentifier(process)) }
    }

    /// Wakes the thread if it sleeps.
    ///
    /// To be called after a process has become busy.
    func wake() {
        guard isAsleep.load(ordering: .sequentiallyConsistent),
            isAsleep.exchange(false, ordering: .sequentiallyConsistent)
        else { return }
        let mustStart = monitor.change { state in
            state.isWoken = true
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if mustStart, !HostThreads.shared.run({ [self] in serve() }) {
            // The next process that becomes busy tries again.
            monitor.changeQuietly { $0.isRunning = false }
            isAsleep.store(true, ordering: .sequentiallyConsistent)
        }
    }

    private func serve() {
        var quiet = 0
        while true {
            quiet = check() ? 0 : quiet + 1
            if quiet < Self.linger { usleep(Self.pause) } else { sleep() }
        }
    }

    /// - Returns: True if a process is busy.
    private func check() -> Bool {
        let processes = monitor.changeQuietly { Array($0.processes.values) }
        return processes.reduce(false) { isBusy, process in process.check() || isBusy }
    }

    private func sleep() {
        isAsleep.store(true, ordering: .sequentiallyConsistent)
        // A process may have become busy a moment ago and found the thread awake.
        let isBusy = monitor.changeQuietly { $0.processes.values.contains(where: \.isWatched) }
        if !isBusy {
            monitor.wait { state -> Monitor<State>.Waiting<Void> in
                guard state.isWoken else { return .wait(until: nil) }
                return .done(())
            }
        }
        monitor.changeQuietly { $0.isWoken = false }
        isAsleep.store(false, ordering: .sequentiallyConsistent)
    }
}
