import ToolAgent

/// A display of the events of a response.
protocol ResponseDisplay: Sendable {
    /// Shows the next event, without blocking while a question is open.
    func show(_ event: AgentEvent)

    /// Ends the line of the last output.
    func finish()
}

extension ChatDisplay: ResponseDisplay {}
