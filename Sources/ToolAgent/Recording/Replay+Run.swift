import OllamaClient
package import ToolHost
import ToolJSON

extension Replay {
    /// A step of a replay, for a display.
    package enum Step: Sendable {
        /// A conversation begins.
        case conversation(Agent)
        /// The next prompt.
        case prompt(String)
        /// An event of the response.
        case event(AgentEvent)
        /// The outcome of the response.
        case outcome(AgentOutcome)
        /// The error of a response that failed in the recording, too.
        case failure(any Error)
    }

    /// Replays all conversations of the recording.
    ///
    /// - Parameters:
    ///   - host: The host of the tools that run.
    ///   - show: Receives each step.
    /// - Throws: ``AgentError`` with the code ``AgentError/Code/invalidRecording`` if the recording does not fit;
    ///   `CancellationError` if the task is cancelled.
    package func run(in host: ToolHost, _ show: (Step) -> Void) async throws {
        for (index, conversation) in recording.conversations.enumerated() {
            let agent = try agent(ofConversation: index, in: host)
            show(.conversation(agent))
            for exchange in conversation.exchanges {
                let line = recording.content(exchange.prompt).content
                // The images are not recorded. Their number is part of the estimate of the context window.
                let images = Array(repeating: [UInt8](), count: line["images"]?.int(in: 0...1_000) ?? 0)
                var prompt = ChatMessage(role: .user, content: line["content"]?.string ?? "", images: images)
                prompt.addSources(stored: line["outside_sources"])
                show(.prompt(prompt.content))
                let response = agent.respond(to: prompt)
                do {
                    for try await event in response { show(.event(event)) }
                    let outcome = try await response.outcome
                    if problem == nil { show(.outcome(outcome)) }
                } catch {
                    if problem == nil { show(.failure(error)) }
                }
                try Task.checkCancellation()
                if let problem { throw problem }
            }
        }
    }
}
