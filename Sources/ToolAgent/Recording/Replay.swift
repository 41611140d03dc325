import Locks
package import OllamaClient
import ToolHost
package import ToolJSON

/// A replay of a recording: the recorded replies take the place of the model, and the recorded results that of the
/// tools, except for the tools that run.
///
/// ```swift
/// let replay = Replay(try Recording(parsing: bytes), running: ["add"])
/// try await replay.run(in: host) { step in show(step) }
/// for call in replay.calls where !call.hasSameStatus { report(call) }
/// ```
///
/// The agent makes the same requests as the recorded one. A request, a call or an outcome that differs ends the replay
/// with an error that names the line of the recording. The pauses between the pieces of a reply are not replayed.
package final class Replay: ChatModel {
    /// The place in the recording.
    private struct State {
        var conversation = 0
        /// The exchange of the conversation, or -1 before the first one.
        var exchange = -1
        /// The number of turns of the exchange that have begun.
        var turns = 0
        /// The messages of the last request.
        var messages: [RecordedMessage] = []
        /// The calls of the turn that run.
        var running: Set<Int> = []
        /// The number of results of the turn so far.
        var finished = 0
        var calls: [ReplayedCall] = []
        /// The new lines of results that differ, and their size in bytes.
        var updates: [Int: [UInt8]] = [:]
        var updateSize = 0
        var replayedCount = 0
        var problem: AgentError?

        mutating func fail(_ error: AgentError) { if problem == nil { problem = error } }
    }

    package let recording: Recording
    private let running: Set<String>
    private let state = Lock(State())

    /// Creates a replay at the start of a recording.
    ///
    /// - Parameters:
    ///   - recording: The recording.
    ///   - running: The names of the tools that run in the host. The results of all others are the recorded ones.
    package init(_ recording: Recording, running: Set<String> = []) {
        (self.recording, self.running) = (recording, running)
    }

    /// The calls that ran so far, in the order of their results.
    package var calls: [ReplayedCall] { state.withLock(\.calls) }

    /// The number of results so far that came from the recording.
    package var replayedCount: Int { state.withLock(\.replayedCount) }

    /// The first difference between the recording and the replay, or nil if there is none.
    package var problem: AgentError? { state.withLock(\.problem) }

    /// Returns the recording with the new results that differ in the place of the recorded ones.
    ///
    /// - Throws: ``AgentError`` if it would be too long.
    package func updatedRecording() throws(AgentError) -> [UInt8] {
        try recording.replacing(state.withLock(\.updates))
    }

    // MARK: - Conversations

    /// Sets the place to the start of a conversation, and returns its agent.
    func agent(ofConversation index: Int, in host: ToolHost) throws -> Agent {
        guard let settings = RecordedSettings(recording.content(recording.conversations[index].settings).content) else {
            throw Recording.error(recording.conversations[index].settings, "The settings are not valid.")
        }
        state.withLock { state in
            (state.conversation, state.exchange, state.turns) = (index, -1, 0)
        }
        var configuration = settings.configuration
        configuration.observers = [observe]
        var standIns = StandInTools(names: recording.tools, results: results) {
            self.state.withLock { self.turn($0)?.results.isEmpty == false }
        }
        standIns.definitionBytes = settings.toolBytes
        configuration.standIns = standIns
        configuration.pause = { _ in }
        // Recordings have the requests in their usual form.
        (configuration.adaptsRequests, configuration.checksCapabilities) = (false, false)
        let agent = try Agent(
            model: settings.model,
            client: self,
            host: host,
            messages: settings.messages,
            configuration: configuration
        )
        state.withLock { $0.messages = agent.messages.map(RecordedMessage.init) }
        return agent
    }

    private func exchange(_ state: State) -> Recording.Exchange? {
        let exchanges = recording.conversations[state.conversation].exchanges
        return exchanges.indices.contains(state.exchange) ? exchanges[state.exchange] : nil
    }

    private func turn(_ state: State) -> Recording.Turn? {
        guard let turns = exchange(state)?.turns, turns.indices.contains(state.turns - 1) else { return nil }
        return turns[state.turns - 1]
    }

    private func outcome(of exchange: Recording.Exchange) -> RecordedOutcome? {
        RecordedOutcome(recording.content(exchange.outcome).content)
    }

    /// True if the user cancelled the response after the turn.
    private func isCancelled(after turn: Recording.Turn, _ state: State) -> Bool {
        guard let exchange = exchange(state), state.turns == exchange.turns.count else { return false }
        return outcome(of: exchange)?.reason == .cancelled
    }

    // MARK: - The model

    package func prepare(_ model: String, options: JSONObject, keepAlive: KeepAlive?) async throws -> Int? {
        let next = state.withLock { exchange($0) }
        guard let next else { return nil }
        if let turn = next.turns.first {
            return RecordedRequest(recording.content(turn.request).content)?.contextLength
        }
        // The response ended before its first request.
        let outcome = outcome(of: next)
        if outcome?.reason == .cancelled { Self.cancelResponse() }
        if outcome?.reason == nil, let failure = outcome?.failure { throw OllamaError(recorded: failure) }
        return nil
    }

    package func chat(_ request: ChatRequest) -> RecordedChunks {
        let (turn, isCancelled, problem) = state.withLock { state -> (Recording.Turn?, Bool, AgentError?) in
            let new = RecordedRequest(request, after: state.messages)
            state.messages = state.messages.prefix(new.kept) + new.messages
            (state.turns, state.running, state.finished) = (state.turns + 1, [], 0)
            let turn = self.turn(state)
            if let turn, let old = RecordedRequest(recording.content(turn.request).content) {
                if let difference = old.difference(from: new) {
                    state.fail(Recording.error(turn.request, difference))
                }
                return (turn, turn.results.isEmpty && self.isCancelled(after: turn, state), state.problem)
            }
            let line = exchange(state)?.outcome ?? recording.lineCount - 1
            state.fail(Recording.error(line, "The recording has no reply to request \(state.turns) of the response."))
            return (nil, false, state.problem)
        }
        return RecordedChunks(recording: recording, turn: turn, isCancelled: isCancelled, problem: problem)
    }

    /// Cancels the response of the current task, as the user did when the conversation was recorded.
    static func cancelResponse() { withUnsafeCurrentTask { $0?.cancel() } }

    // MARK: - The tools

    private func results(for calls: [(index: Int, call: ToolCall)]) -> [ToolResult?] {
        state.withLock { state in
            let turn = self.turn(state)
            return calls.map { index, call in
                guard let line = turn?.results[index],
                    let recorded = RecordedResult(recording.content(line).content)
                else {
                    let sentence = "The recording has no result of call \(index + 1) of the reply."
                    state.fail(Recording.error(turn?.request ?? 0, sentence))
                    return ToolResult(call: call, status: .notRun, parts: [.text("Not run.")])
                }
                if !recorded.tool.hasSameBytes(as: call.name) {
                    let names = "\"\(recorded.tool.prefix(80))\", and the call is of \"\(call.name.prefix(80))\""
                    state.fail(Recording.error(line, "The recorded result is of \(names)."))
                }
                if state.problem == nil, running.contains(call.name), recorded.status != .cancelled {
                    state.running.insert(index)
                    return nil
                }
                state.replayedCount += 1
                return recorded.result(of: call)
            }
        }
    }

    private func finish(_ index: Int, _ result: ToolResult) {
        let cancels = state.withLock { state in
            guard let turn = turn(state) else { return false }
            if state.running.contains(index), let line = turn.results[index],
                let recorded = RecordedResult(recording.content(line).content)
            {
                let call = ReplayedCall(result, recorded, line: line + 1)
                state.calls.append(call)
                if !call.hasSameStatus || !call.hasSameContent { update(line, index, result, &state) }
            }
            state.finished += 1
            return state.finished == turn.results.count && isCancelled(after: turn, state)
        }
        if cancels { Self.cancelResponse() }
    }

    private func update(_ line: Int, _ index: Int, _ result: ToolResult, _ state: inout State) {
        // A recording that is too long is not written, so the rest is not kept.
        guard state.updateSize <= Recording.maximumBytes else { return }
        let bytes = RecordedResult.line(index, result)
        state.updateSize += bytes.count
        state.updates[line] = bytes
    }

    // MARK: - The steps of the agent

    @Sendable private func observe(_ event: ConversationEvent) {
        switch event {
        case .began(let prompt, _): begin(prompt)
        case .reported(.call(let event)):
            if case .finished(let result) = event.kind { finish(event.callIndex, result) }
        case .ended(let outcome): end(outcome)
        default: break
        }
    }

    private func begin(_ prompt: ChatMessage) {
        state.withLock { state in
            state.exchange += 1
            state.turns = 0
            guard let exchange = exchange(state) else {
                return state.fail(Recording.error(recording.lineCount - 1, "The recording has no further prompt."))
            }
            let content = recording.content(exchange.prompt).content["content"]?.string ?? ""
            if !content.hasSameBytes(as: prompt.content) {
                state.fail(Recording.error(exchange.prompt, "The prompt is another one."))
            }
        }
    }

    private func end(_ outcome: Result<AgentOutcome, any Error>) {
        state.withLock { state in
            guard let exchange = exchange(state) else { return }
            if let difference = self.outcome(of: exchange)?.difference(from: outcome) {
                state.fail(Recording.error(exchange.outcome, difference))
            } else if state.turns < exchange.turns.count {
                let request = exchange.turns[state.turns].request
                state.fail(Recording.error(request, "The replay ended before this request."))
            }
        }
    }
}
