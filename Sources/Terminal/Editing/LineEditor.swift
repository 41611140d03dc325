import Glibc
import Locks

/// The editor of the lines that are typed at a terminal.
///
/// It reads the terminal on one thread from its start to ``close()``. Keys that are typed while no line is open are not
/// shown, and go to the next prompt. All functions may be used on any thread.
///
/// ```swift
/// let editor = LineEditor(history: PromptHistory(path: path))
/// while case .line(let line)? = await editor?.read(LineRequest("> ")) { respond(to: line) }
/// editor?.close()
/// ```
package final class LineEditor: Sendable {
    /// A request whose line is not complete.
    struct Entry: Sendable {
        let id: Int
        let request: LineRequest
        let continuation: CheckedContinuation<LineResult, Never>
    }

    /// The messages to the thread, which are never locked during output.
    struct Mail {
        var requests: [Entry] = []
        var cancelled: Set<Int> = []
        var isInterrupted = false
        var isClosed = false
        var lastID = 0
    }

    let mail = Lock(Mail())
    /// The end of the thread.
    let end = Semaphore()
    let line: Lock<OpenLine>
    let modes: TerminalModes
    let history: PromptHistory
    let isPlain: Bool
    /// Called on the thread after the process was stopped, while a shell may have written to the terminal.
    let onResume: @Sendable () -> Void
    let input: Int32
    /// The descriptor that receives a byte for each message to the thread.
    let alarm: Int32
    private let waker: Int32

    /// Starts the editor.
    ///
    /// - Parameters:
    ///   - input: The descriptor of the terminal that is read.
    ///   - output: The descriptor of the terminal that is written.
    ///   - terminal: The type of the terminal. Without a type, and for "dumb", the cursor does not move.
    ///   - hasStyles: True if styles are wanted.
    ///   - history: The lines of earlier prompts.
    ///   - onResume: Called on the thread of the editor after the process was stopped, when the cursor is at the start of
    ///     a row.
    /// - Returns: Nil if the descriptors are no terminals, or the system has no thread.
    package init?(
        input: Int32 = STDIN_FILENO,
        output: Int32 = STDERR_FILENO,
        terminal: String? = getenv("TERM").map { String(cString: $0) },
        hasStyles: Bool = true,
        history: PromptHistory = PromptHistory(path: nil),
        onResume: @escaping @Sendable () -> Void = {}
    ) {
        var ends: [Int32] = [-1, -1]
        guard isatty(output) == 1, pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            // A full pipe must block neither a signal handler nor a caller.
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        isPlain = terminal.map { $0.isEmpty || $0 == "dumb" } ?? true
        guard let modes = TerminalModes(input: input, output: output, waker: ends[1], hasPastes: !isPlain) else {
            for end in ends { Glibc.close(end) }
            return nil
        }
        self.modes = modes
        (self.input, self.history, self.onResume) = (input, history, onResume)
        (alarm, waker) = (ends[0], ends[1])
        line = Lock(OpenLine(output: output, hasStyles: hasStyles, isPlain: isPlain))
        modes.set(.keeping)
        if !start() {
            modes.release()
            return nil
        }
    }

    deinit { for end in [alarm, waker] { Glibc.close(end) } }

    /// Reads a line.
    ///
    /// If another line is open, this one opens after it. The line begins at the cursor of the terminal, which must be at
    /// the start of a row.
    package func read(_ request: LineRequest) async -> LineResult {
        let id = mail.withLock { mail in
            mail.lastID += 1
            return mail.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isClosed = mail.withLock { mail in
                    let entry = Entry(id: id, request: request, continuation: continuation)
                    if !mail.isClosed { mail.requests.append(entry) }
                    return mail.isClosed
                }
                if isClosed { continuation.resume(returning: .endOfInput) } else { wake() }
            }
        } onCancel: {
            mail.withLock { _ = $0.cancelled.insert(id) }
            wake()
        }
    }

    /// Writes other output: the open line is removed before it, and drawn again after it.
    ///
    /// - Parameter output: Writes to the terminal, and leaves the cursor at the start of a row. It must not use the editor.
    package func write(_ output: () -> Void) {
        line.withLock { line in
            line.hide()
            output()
            line.show()
        }
    }

    /// Handles Ctrl-C that came as a signal: it acts on the open line as the key does.
    ///
    /// The function never blocks.
    package func interrupt() {
        mail.withLock { $0.isInterrupted = true }
        wake()
    }

    /// Restores the terminal, and ends all reads with ``LineResult/endOfInput``.
    ///
    /// Nothing is written to the terminal afterwards. The function must not be called on the thread of the editor.
    package func close() {
        let wasClosed = mail.withLock { mail in
            defer { mail.isClosed = true }
            return mail.isClosed
        }
        guard !wasClosed else { return }
        wake()
        // The thread is blocked if the terminal takes no output; its modes are restored all the same.
        if !end.wait(seconds: 1) { modes.restore() }
    }

    /// Leaves the open line on the terminal before an exit, unless the terminal or another thread would block this one.
    package func leaveLine() {
        for _ in 0..<50 {
            let isDone: Void? = line.withLockIfAvailable { line in if !line.isBlocked { line.close() } }
            if isDone != nil { return }
            // The holder of the lock may be blocked in a write, so this thread must not wait for it without a limit.
            usleep(1000)
        }
    }

    /// Restores the terminal of the editor of this process, before an exit that runs no exit handlers.
    package static func restoreTerminal() { TerminalModes.restoreTerminal() }

    func wake() {
        var byte: UInt8 = 0
        _ = Glibc.write(waker, &byte, 1)
    }

    private func start() -> Bool {
        let argument = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let failure = pthread_create(
            &thread,
            nil,
            { argument in
                if let argument {
                    LineLoop(editor: Unmanaged<LineEditor>.fromOpaque(argument).takeRetainedValue()).run()
                }
                return nil
            },
            argument.toOpaque()
        )
        if failure == 0 { pthread_detach(thread) } else { argument.release() }
        return failure == 0
    }
}
