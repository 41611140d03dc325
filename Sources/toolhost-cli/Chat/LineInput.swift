import Glibc
import Locks

/// A cancellable wait for one line that is typed at the terminal, and the question that the line answers.
final class LineInput: Sendable {
    private struct State {
        var isCancelled = false
        var question: Int?
    }

    private let reader: Int32
    private let writer: Int32
    private let state = Lock(State())

    init() {
        var ends: [Int32] = [-1, -1]
        // Without a pipe, only a line ends the wait.
        _ = pipe(&ends)
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reader, writer) = (ends[0], ends[1])
    }

    deinit { for end in [reader, writer] where end >= 0 { close(end) } }

    /// True once the caller is cancelled.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Opens the question, so that no other output appears between its rows.
    ///
    /// - Returns: False if the caller is cancelled.
    func openQuestion() -> Bool {
        let question = Console.error.openQuestion()
        let isWanted = state.withLock { state in
            state.question = question
            return !state.isCancelled
        }
        if !isWanted { closeQuestion() }
        return isWanted
    }

    /// Closes the question and writes the output that waited for it.
    func closeQuestion() {
        if let question = state.withLock({ $0.question }) { Console.error.closeQuestion(question) }
    }

    /// Ends the wait and the question, now or as soon as they begin.
    ///
    /// The function never blocks, because the thread that handles signals calls it.
    func cancel() {
        let question = state.withLock { state in
            state.isCancelled = true
            return state.question
        }
        if let question { Console.error.abandonQuestion(question) }
        var byte: UInt8 = 0
        _ = write(writer, &byte, 1)
    }

    /// Reads the line, and blocks the calling thread meanwhile.
    ///
    /// A terminal returns one line at a time, so the buffer of `readLine` holds no second one.
    ///
    /// - Returns: Nil at the end of input, or if the wait was cancelled.
    func read() -> String? {
        var sources = [STDIN_FILENO, reader].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&sources, nfds_t(sources.count), -1) < 0 {}
        return sources[1].revents == 0 ? readLine() : nil
    }
}
