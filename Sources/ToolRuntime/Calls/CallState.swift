/// Where one call stands.
///
/// Every event is a method that returns what is to be done; doing it is up to the caller, after it has let go of its
/// lock.
struct CallState {
    private enum Execution { case waiting, running, returned, dropped }

    private var execution = Execution.waiting
    private var isCompleted = false
    private var isAnswered = false
    private(set) var output: CallOutput

    init(keepsOutput: Bool) { output = CallOutput(keepsBytes: keepsOutput) }

    /// Whether the plugin may still write: it has not completed, and somebody still waits.
    var isOpen: Bool { !isCompleted && !isAnswered }

    mutating func write(_ mediaType: String, _ bytes: UnsafeRawBufferPointer, _ request: CallRequest) -> Bool {
        output.append(mediaType, bytes, limit: request.resultBytes, budget: request.budget)
    }

    /// Its turn has come.
    ///
    /// - Returns: Whether it is to be executed; not if it was dropped while it waited.
    mutating func begin() -> Bool {
        guard execution == .waiting else { return false }
        execution = .running
        return true
    }

    enum Completion {
        case answer(CallOutput)
        case late
        case second
    }

    /// The plugin says that it is done.
    mutating func complete() -> (Completion, isOver: Bool) {
        guard !isCompleted else { return (.second, false) }
        isCompleted = true
        defer { isAnswered = true }
        return (isAnswered ? .late : .answer(output), isOver)
    }

    enum Return {
        case nothing
        case violation(isAnswered: Bool)
    }

    /// `execute` has returned.
    mutating func returned(isPending: Bool) -> (Return, isOver: Bool) {
        execution = .returned
        if isCompleted || isPending { return (.nothing, isOver) }
        // Done without completion: nothing will come any more.
        isCompleted = true
        defer { isAnswered = true }
        return (.violation(isAnswered: isAnswered), isOver)
    }

    enum Expiry {
        case ignore
        case drop
        case stop
        /// It has its answer, and its `execute` has not returned all the same.
        case linger
    }

    /// Nobody waits any more: the deadline has passed or the call was cancelled.
    mutating func expire() -> Expiry {
        guard !isAnswered else { return execution == .running ? .linger : .ignore }
        isAnswered = true
        guard execution == .waiting else { return .stop }
        execution = .dropped
        return .drop
    }

    enum Overdue {
        case nothing
        case stuck
        case forgotten
    }

    /// The grace after expiry is over.
    var overdue: Overdue {
        if execution == .running { return .stuck }
        return isCompleted ? .nothing : .forgotten
    }

    /// Whether the plugin may not speak of the call any more, so that its memory can go.
    ///
    /// While `execute` runs it may still read what it was given, completed or not.
    private var isOver: Bool { isCompleted && execution == .returned }
}
