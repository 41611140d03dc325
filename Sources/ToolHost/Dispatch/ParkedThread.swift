import CWorker
import ToolRuntime

/// A thread that waits for a short time for the progress of a batch.
struct ParkedThread: Sendable, Equatable {
    /// The kinds of progress that a thread waits for.
    enum Awaited: Sendable {
        /// An unread event, or the end of the batch.
        case event
        /// The results of all calls.
        case results
    }

    let awaited: Awaited
    // On the stack of the thread, which leaves only after nothing refers to it.
    private nonisolated(unsafe) let word: UnsafeMutablePointer<UInt32>

    /// Resumes the thread.
    func resume() { worker_unpark(word) }

    /// Waits on this thread until a batch has made progress, and at most until an instant.
    ///
    /// Returns at once if another thread waits for the same batch.
    static func wait(for awaited: Awaited, in progress: DispatchProgress, until end: MonotonicInstant) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) { memory in
            guard let word = memory.baseAddress else { return }
            word.initialize(to: 0)
            let thread = ParkedThread(awaited: awaited, word: word)
            guard progress.park(thread) else { return }
            if worker_park(word, end.nanoseconds) != 0 || progress.unpark(thread) { return }
            // Another thread is about to set the word.
            _ = worker_park(word, .max)
        }
    }
}
