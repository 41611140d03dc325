import ToolAgent

/// The recording and the trace of a chat.
struct Recorders: Sendable {
    let writer: RecordingWriter?
    let trace: ConversationTrace?

    /// Records the conversations of agents with a configuration.
    func observe(_ configuration: inout AgentConfiguration) {
        if let writer { configuration.observers.append(writer.observe) }
        if let trace { configuration.observers.append(trace.observe) }
    }

    /// Ends the trace, and reports files that are not complete.
    func finish() {
        trace?.finish()
        for failure in [writer?.failure, trace?.failure] {
            if let failure { Console.error.line("warning: \(failure)") }
        }
    }
}
