import Locks
import OllamaClient
import ToolHost
import ToolJSON

/// A writer of a recording: it records conversations to a file, from which ``Replay`` can replay them without the model.
///
/// ```swift
/// let writer = try RecordingWriter(path: "conversation.jsonl")
/// configuration.observers.append(writer.observe)
/// ```
///
/// The file has the prompts, the model's replies and the results of tools, and no headers or credentials of requests.
/// Each line is written when it is known. One writer may serve several agents, one after another; an agent whose
/// messages have changed between two responses begins another conversation in the file.
///
/// A file that cannot be written does not affect the conversation: ``failure`` reports it.
package final class RecordingWriter: Sendable {
    private struct State {
        var size = 0
        var failure: String?
        weak var agent: Agent?
        /// The number of messages of the agent after its last response.
        var messageCount = 0
        /// The messages of the last request.
        var messages: [RecordedMessage] = []
    }

    private let file: PrivateOutputFile
    private let state = Lock(State())

    /// Creates an empty recording.
    ///
    /// - Parameter path: The path of the file. It has the mode 0600. An existing recording is replaced, but no other
    ///   file.
    /// - Throws: ``OutputFileError`` if the file cannot be written.
    package init(path: String) throws(OutputFileError) {
        file = try PrivateOutputFile(path: path, replacing: Recording.beginning, kind: "recording")
    }

    /// The reason why the recording is not complete, as a sentence; nil if it is complete so far.
    package var failure: String? { state.withLock(\.failure) }

    /// Records a step of a response.
    @Sendable package func observe(_ event: ConversationEvent) {
        state.withLock { state in
            guard state.failure == nil else { return }
            switch event {
            case .began(let prompt, let agent): begin(prompt, agent, &state)
            case .requested(let request):
                let recorded = RecordedRequest(request, after: state.messages)
                state.messages = state.messages.prefix(recorded.kept) + recorded.messages
                write("request", recorded.json, &state)
            case .received(let chunk):
                // A bare nil would be the JSON value null.
                let surplus: JSON? = chunk.surplusCalls > 0 ? .some(.int(chunk.surplusCalls)) : .none
                write("chunk", chunk.raw, &state, beside: ("surplus_calls", surplus))
            case .replied(.complete): break
            case .replied(.cancelled): write("cancelled", true, &state)
            case .replied(.failed(let error)): write("failure", .object(OllamaError.record(of: error)), &state)
            case .reported(.call(let event)):
                guard case .finished(let result) = event.kind else { return }
                write(RecordedResult.line(event.callIndex, result), &state)
            case .reported: break
            case .ended(let outcome):
                state.messageCount = state.agent?.messages.count ?? 0
                write("outcome", RecordedOutcome.record(of: outcome), &state)
            }
        }
    }

    private func begin(_ prompt: ChatMessage, _ agent: Agent, _ state: inout State) {
        if state.size == 0 {
            let calls = JSON.int(agent.host.configuration.limits.calls)
            write("toolhost_recording", .int(Recording.version), &state, beside: ("calls", calls))
        }
        if state.agent !== agent || state.messageCount != agent.messages.count {
            let settings = RecordedSettings(agent)
            state.agent = agent
            // The messages at the beginning are in the settings.
            state.messages = agent.messages.map(RecordedMessage.init)
            write("conversation", settings.json, &state)
        }
        var content: JSONObject = ["content": .string(prompt.content)]
        if !prompt.images.isEmpty { content["images"] = .int(prompt.images.count) }
        content["outside_sources"] = prompt.sourcesJSON
        write("prompt", .object(content), &state)
    }

    private func write(
        _ kind: String,
        _ content: JSON,
        _ state: inout State,
        beside other: (String, JSON?) = ("", nil)
    ) {
        var line: JSONObject = [:]
        line[kind] = content
        line[other.0] = other.1
        write(JSON.object(line).bytes() + [UInt8(ascii: "\n")], &state)
    }

    private func write(_ line: [UInt8], _ state: inout State) {
        guard state.failure == nil else { return }
        guard state.size + line.count <= Recording.maximumBytes else {
            state.failure = "The recording is not complete: it would have more than \(Recording.maximumBytes) bytes."
            return
        }
        do throws(OutputFileError) {
            try file.write(line)
            state.size += line.count
        } catch {
            state.failure = "The recording is not complete: the file \(error)."
        }
    }
}
