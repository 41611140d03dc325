import ToolRuntime

/// The receiving side of a conversation with a worker process, which one thread at a time uses.
struct WorkerReceiver {
    /// The stages of a conversation.
    enum Stage { case greeting, confinement, registration, service }

    var stage = Stage.greeting
    var stream: WorkerStream
    var printed: WorkerOutput
    /// False after the end of the stream or a violation of the protocol.
    var isOpen = true
    /// True if messages that have been read wait for the process's own thread.
    var isLeft = false
    /// The first of these messages, if it has been decoded.
    var leftMessage: WorkerMessage?
    /// The timer that kills a process that does not register.
    var registrationTimer: DeadlineTimer.Token?
    var registration: PluginRegistration?
    var refusal: PluginError?
    var lines = MessageAllowance(perSecond: 200)
    var progress = MessageAllowance(perSecond: 1000)
    /// The limit on notes about dropped lines.
    var notes = MessageAllowance(perSecond: 20)

    init(stream: WorkerStream, printed: WorkerOutput) {
        self.stream = stream
        self.printed = printed
    }

    /// True if the program's log or output handler must be called before the next message is handled.
    var mustShow: Bool { lines.hasDropped || printed.isDue }
}
