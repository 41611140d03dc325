import Glibc
import Locks

/// The work of the thread that reads the terminal, which is the only user of this object.
final class LineLoop {
    let editor: LineEditor
    var decoder = KeyDecoder()
    /// The keys for the next prompt, and those of the open one.
    var typedAhead = KeyQueue()
    /// The keys of the open question.
    var answerKeys = KeyQueue()
    var current: LineEditor.Entry?
    /// The prompt's state while no prompt is open: it keeps what Ctrl-Y inserts.
    private var prompts = LineStateMachine()
    /// True once the terminal is closed.
    var hasEnded = false
    /// The time without input before the next drawing, in milliseconds.
    private var pause: Int32 = 0
    /// True if a key since the last drawing had no effect.
    private var isRefused = false

    init(editor: LineEditor) { self.editor = editor }

    /// Reads the terminal until the editor is closed.
    func run() {
        // The thread of a task has blocked the signals that stop a process in the background, and so have its threads.
        var stops = sigset_t()
        sigemptyset(&stops)
        for number in [SIGTTIN, SIGTTOU] { sigaddset(&stops, number) }
        pthread_sigmask(SIG_UNBLOCK, &stops, nil)
        while true {
            takeMail()
            if editor.mail.withLock({ $0.isClosed }) { return finishAll() }
            if current == nil, let next = nextEntry() { open(next) }
            handleKeys()
            if current != nil, hasEnded { finish(.endOfInput) }
            // The next request may be open already, or there may be keys for it.
            if current == nil, editor.mail.withLock({ !$0.requests.isEmpty }) { continue }
            if current != nil, !hasInput(within: pause) { draw() }
            wait()
        }
    }

    private func draw() {
        let isRefused = isRefused
        self.isRefused = false
        let start = ContinuousClock.now
        editor.line.withLock { line in
            line.show()
            if isRefused { line.ring() }
        }
        // While megabytes arrive, most of the time must not be spent on drawing them.
        pause = Int32(min(start.duration(to: .now) / .milliseconds(1), 100))
    }

    // MARK: - Requests

    private func takeMail() {
        let (isInterrupted, isCancelled) = editor.mail.withLock { mail in
            defer { mail.isInterrupted = false }
            return (mail.isInterrupted, current.map { mail.cancelled.contains($0.id) } ?? false)
        }
        if isCancelled { finish(.cancelled) }
        if isInterrupted, current != nil { handle(.control("C")) }
    }

    private func nextEntry() -> LineEditor.Entry? {
        editor.mail.withLock { $0.requests.isEmpty ? nil : $0.requests.removeFirst() }
    }

    private func open(_ entry: LineEditor.Entry) {
        current = entry
        if editor.mail.withLock({ $0.cancelled.contains(entry.id) }) { return finish(.cancelled, isShown: false) }
        editor.modes.set(.editing)
        let isAnswer = entry.request.kind == .answer
        var machine = isAnswer ? LineStateMachine(isAnswer: true) : prompts
        if !isAnswer { machine.setHistory(editor.history.lines) }
        // Keys that were typed before the question is drawn do not answer it.
        if isAnswer { readAhead() }
        let isDelayed = editor.line.withLock { [machine] line in
            defer { line.open(entry.request.prompt, machine) }
            return line.isBlocked
        }
        // Keys that came before a blocked terminal showed the question do not answer it either.
        if isAnswer, isDelayed { readAhead() }
    }

    private func readAhead() { while hasInput() { read(isAhead: true) } }

    private func finish(_ result: LineResult, isShown: Bool = true) {
        guard let entry = current else { return }
        current = nil
        if isShown {
            let machine = editor.line.withLock { line in
                line.close()
                line.machine.clear()
                return line.machine
            }
            if entry.request.kind == .prompt { prompts = machine }
        }
        typedAhead.take(&answerKeys)
        let isLast = editor.mail.withLock { mail in
            mail.cancelled.remove(entry.id)
            return mail.requests.isEmpty
        }
        if isLast { editor.modes.set(.keeping) }
        entry.continuation.resume(returning: result)
    }

    private func finishAll() {
        finish(.endOfInput)
        while let entry = nextEntry() { entry.continuation.resume(returning: .endOfInput) }
        editor.modes.release()
        editor.end.signal()
    }

    // MARK: - Keys

    private func handleKeys() {
        while let entry = current {
            let key = entry.request.kind == .answer ? answerKeys.next() : typedAhead.next()
            guard let key else { return }
            handle(key)
        }
    }

    private func handle(_ key: Key) {
        guard !editor.isPlain || key.isPlain else { return }
        var outcome = editor.line.withLock { $0.machine.handle(key) }
        if case .completionNeeded(let text) = outcome {
            // Called without the lock: other output must not wait for it.
            let completion = current?.request.completion?(text) ?? .none
            outcome = editor.line.withLock { $0.machine.complete(completion) }
        }
        switch outcome {
        case .unchanged, .changed, .completionNeeded: break
        case .refused: isRefused = true
        case .accepted: accept()
        case .cleared:
            editor.line.withLock { line in
                line.leave("^C")
                line.machine.clear()
                line.show()
            }
        case .editorRequested:
            let text = editor.line.withLock { line in
                line.hide()
                return line.machine.text
            }
            finish(.editorRequested(text))
        case .interrupted: finish(.interrupted)
        case .endOfInput: finish(.endOfInput)
        case .screenCleared: editor.line.withLock { $0.clearScreen() }
        case .suspended:
            editor.line.withLock { $0.hide() }
            if editor.modes.suspend() { resume() } else { editor.line.withLock { $0.show() } }
        }
    }

    private func accept() {
        let text = editor.line.withLock { line in
            line.leave()
            return line.machine.takeLine()
        }
        if current?.request.kind == .prompt { editor.history.add(text) }
        finish(.line(text))
    }
}
