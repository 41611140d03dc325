import OllamaClient
import Terminal
import ToolAgent
import ToolHost

/// Sends prompts to a model, and shows, stores and checks the responses.
struct ChatResponder {
    let format: AnswerFormat?
    /// The form of the answer, or nil for the usual one.
    let form: AnswerForm?
    /// The events for programs, if they are printed.
    var events: EventLines?
    /// The memory of a chat with several prompts, or nil for a single prompt.
    var memory: ChatMemory?
    /// True to show no thinking of a single prompt; otherwise the memory decides.
    var hidesThinking = false
    /// True to show tokens and times after each answer.
    var showsStatistics = false

    /// Sends a prompt, and shows the response until it ends.
    ///
    /// - Parameter isLoading: True if the model may have to be loaded.
    /// - Throws: The error of the model or the agent; for a single prompt also ``CommandError`` if the answer is cancelled, is
    ///   incomplete or does not fit the format.
    func respond(to prompt: ChatMessage, _ agent: Agent, _ history: ChatHistory, isLoading: Bool) async throws {
        let display = display(agent, isLoading)
        let (outcome, statistics): (AgentOutcome, ResponseStatistics)
        do {
            (outcome, statistics) = try await Interrupts.cancelling {
                var statistics = ResponseStatistics()
                let response = agent.respond(to: prompt)
                for try await event in response {
                    if case .turnFinished(let metrics) = event { statistics.add(metrics) }
                    display.show(event)
                }
                return (try await response.outcome, statistics)
            }
        } catch {
            display.finish()
            await history.record(agent)
            throw error
        }
        display.finish()
        if showsStatistics { Console.error.line(Console.error.styled(statistics.line, .dim)) }
        await history.record(agent)
        events?.record(outcome)
        try report(outcome)
        guard let format, [.answered, .roundLimit].contains(outcome.reason) else { return }
        do throws(CommandError) {
            let value = try format.value(of: outcome.text)
            events?.record(outcome, answer: value)
        } catch {
            if isOnly { throw error }
            Console.error.line("toolhost: \(error.message)")
        }
    }

    private var isOnly: Bool { memory == nil }

    private func display(_ agent: Agent, _ isLoading: Bool) -> any ResponseDisplay {
        if let events { return events }
        return ChatDisplay(
            form: form,
            memory: memory,
            hidesThinking: hidesThinking,
            model: agent.model,
            isLoading: isLoading
        ) { name in
            agent.tools.first { $0.name == name }?.provider.name ?? ""
        }
    }

    private func report(_ outcome: AgentOutcome) throws(CommandError) {
        if let sentence = outcome.sentence { Console.error.line("toolhost: \(sentence)") }
        guard isOnly else { return }
        switch outcome.reason {
        case .answered, .roundLimit: break
        case .cancelled: throw CommandError(.interrupted)
        case .truncated, .emptyAnswer, .repeatedCalls: throw CommandError(.server)
        }
    }
}
