import Terminal
import ToolAgent
import ToolHost

extension ChatCommand {
    /// Shows the conversations that a file records, without a model and without tools.
    ///
    /// - Parameter events: The events for programs, if they are printed.
    func replay(_ path: String, _ events: EventLines?) async throws {
        let recording = try RecordingOptions.recording(path)
        var configuration = HostConfiguration()
        configuration.limits.calls = recording.calls
        let host = ToolHost(configuration)
        let replay = Replay(recording)
        do {
            try await Interrupts.cancelling { [form = answer.output, hidesThinking] in
                if let events { return try await replay.run(in: host, events.show) }
                let display = ChatDisplay(form: form, hidesThinking: hidesThinking)
                defer { display.finish() }
                try await replay.run(in: host, display.show)
            }
        } catch let error as AgentError {
            throw RecordingOptions.misfit(path, error)
        } catch is CancellationError {
            throw CommandError(.interrupted, "cancelled")
        }
    }
}

extension ChatDisplay {
    /// Shows a step of a replay.
    fileprivate func show(_ step: Replay.Step) {
        let console = Console.error
        switch step {
        case .conversation: break
        case .prompt(let text):
            console.quote("> \(text)", .bold)
            console.endLine()
        case .event(let event): show(event)
        case .outcome(let outcome):
            finish()
            if let sentence = outcome.sentence { console.line("toolhost: \(sentence)") }
        case .failure(let error):
            finish()
            console.line(escaping: "toolhost: \(error)")
        }
    }
}
