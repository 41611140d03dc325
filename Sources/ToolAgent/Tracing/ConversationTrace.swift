import Locks
import OllamaClient
import ToolHost
import ToolJSON

/// A trace of conversations: a file that shows on a time line what the model, the tools and the user's question took.
///
/// ```swift
/// let trace = try ConversationTrace(path: "trace.json")
/// configuration.observers.append(trace.observe)
/// ```
///
/// The track `conversation` has the responses, and in each of them its rounds: the request with the wait for the first
/// byte and the reply, and the calls. Each of the parallel calls is on one of the tracks `call 1`, `call 2` and so on: it
/// waits for the check of its arguments, the user's permission and a free slot, and then runs. The trace has names,
/// numbers and times, and no text of the conversation.
///
/// The file has the Trace Event Format, which ui.perfetto.dev and chrome://tracing open. A file that cannot be written
/// does not affect the conversation: ``failure`` reports it.
package final class ConversationTrace: Sendable {
    /// A call without a result.
    private struct Call {
        var isRunning = false
        var progressCount = 0
    }

    private struct State {
        /// The number of the round, or 0 if none is under way.
        var round = 0
        var isRoundOpen = false
        var hasReply = false
        var tokens: JSONObject = [:]
        var calls: [Int: Call] = [:]
        var namedTracks: Set<Int> = []
        /// The plugins of the tools.
        var plugins: [String: String] = [:]
    }

    private let file: TraceFile
    private let state = Lock(State())

    /// The track of the responses and requests.
    private static let conversation = 1
    /// The track of the first call of a message.
    private static let firstCall = 10
    /// The maximum number of reports of progress of one call.
    private static let maximumProgress = 1000

    /// Creates a trace.
    ///
    /// - Parameter path: The path of the file. It has the mode 0600. An existing trace is replaced, but no other file.
    /// - Throws: ``OutputFileError`` if the file cannot be written.
    package init(path: String) throws(OutputFileError) {
        file = try TraceFile(path: path)
        file.name(Self.conversation, "conversation")
    }

    /// The reason why the trace is not complete, as a sentence; nil if it is complete so far.
    package var failure: String? { file.failure }

    /// Ends what is open, and the file.
    ///
    /// Without it, the trace of a terminated process lacks only the ends.
    package func finish() { file.finish() }

    /// Adds a step of a response.
    @Sendable package func observe(_ event: ConversationEvent) {
        state.withLock { state in
            switch event {
            case .began(let prompt, let agent):
                for tool in agent.tools where !tool.provider.name.isEmpty {
                    state.plugins[tool.name] = tool.provider.name
                }
                let details: JSONObject = ["model": text(agent.model), "prompt_bytes": .int(prompt.content.utf8.count)]
                file.begin("response", on: Self.conversation, details)
                state.round = 0
            case .requested(let request):
                begin(request, &state)
            case .received(let chunk):
                receive(chunk, &state)
            case .replied(let end):
                finishReply(end, &state)
            case .reported(.toolCalls(let calls)):
                begin(calls, &state)
            case .reported(.call(let event)):
                add(event, &state)
            case .reported(.retrying): file.mark("retry", on: Self.conversation)
            case .reported(.warning): file.mark("warning", on: Self.conversation)
            case .reported: break
            case .ended(let outcome):
                endCalls(&state)
                file.end(on: Self.conversation, leaving: 1)
                state.isRoundOpen = false
                var details: JSONObject = ["outcome": "failed"]
                if case .success(let outcome) = outcome {
                    details = ["outcome": .string(outcome.reason.rawValue), "rounds": .int(outcome.rounds)]
                }
                file.end(on: Self.conversation, details)
            }
        }
    }

    // MARK: - Requests

    private func begin(_ request: ChatRequest, _ state: inout State) {
        if state.isRoundOpen {
            // A reply that the agent did not read to its end may be open.
            file.end(on: Self.conversation, leaving: 2)
        } else {
            state.round += 1
            state.isRoundOpen = true
            file.begin("round \(state.round)", on: Self.conversation)
        }
        let details: JSONObject = [
            "model": text(request.model), "messages": .int(request.messages.count), "tools": .int(request.tools.count),
        ]
        file.begin("request", on: Self.conversation, details)
        file.begin("wait for first byte", on: Self.conversation)
        (state.hasReply, state.tokens) = (false, [:])
    }

    private func receive(_ chunk: ChatChunk, _ state: inout State) {
        if !state.hasReply {
            state.hasReply = true
            file.end(on: Self.conversation)
            file.begin("reply", on: Self.conversation)
        }
        if let count = chunk.promptEvalCount { state.tokens["prompt_tokens"] = .int(count) }
        if let count = chunk.evalCount { state.tokens["output_tokens"] = .int(count) }
    }

    private func finishReply(_ end: ConversationEvent.ReplyEnd, _ state: inout State) {
        // The reply, or the wait for it.
        file.end(on: Self.conversation)
        var details = state.tokens
        switch end {
        case .complete: break
        case .cancelled: details["end"] = "cancelled"
        case .failed(let error):
            details["end"] = "failed"
            if let code = (error as? OllamaError)?.code { details["error"] = .string(code.description) }
        }
        file.end(on: Self.conversation, details)
    }

    /// Ends the calls of the round, and the round.
    private func endRound(_ state: inout State) {
        file.end(on: Self.conversation)
        if state.isRoundOpen { file.end(on: Self.conversation) }
        state.isRoundOpen = false
    }

    private func endCalls(_ state: inout State) {
        for index in state.calls.keys { file.end(on: Self.firstCall + index, leaving: 0) }
        state.calls = [:]
    }

    // MARK: - Calls

    private func begin(_ calls: [ToolCall], _ state: inout State) {
        guard !calls.isEmpty else { return }
        file.begin("calls", on: Self.conversation, ["count": .int(calls.count)])
        for (index, call) in calls.enumerated() {
            let track = Self.firstCall + index
            if state.namedTracks.insert(track).inserted { file.name(track, "call \(index + 1)") }
            let plugin = state.plugins[call.name].map { text($0) }
            var details: JSONObject = [:]
            details["plugin"] = plugin
            file.begin(call.name.isEmpty ? "call" : call.name, on: track, details)
            file.begin("wait", on: track)
            state.calls[index] = Call()
        }
    }

    private func add(_ event: DispatchEvent, _ state: inout State) {
        guard var call = state.calls[event.callIndex] else { return }
        let track = Self.firstCall + event.callIndex
        switch event.kind {
        case .started:
            // A call that is repeated after the loss of its process starts again.
            if !call.isRunning {
                file.end(on: track)
                file.begin("run", on: track)
                call.isRunning = true
            }
        case .output: break
        case .progress(let fraction, _):
            call.progressCount += 1
            guard call.progressCount <= Self.maximumProgress else { break }
            file.mark("progress", on: track, fraction.map { ["fraction": .double($0)] } ?? [:])
        case .finished(let result):
            file.end(on: track)
            let bytes = result.parts.reduce(0) { $0 + $1.bytes.count }
            file.end(on: track, ["status": .string(result.status.rawValue), "bytes": .int(bytes)])
            state.calls[event.callIndex] = nil
            if state.calls.isEmpty { endRound(&state) }
            return
        }
        state.calls[event.callIndex] = call
    }

    private func text(_ text: String) -> JSON { .string(String(text.prefix(TraceFile.textLimit))) }
}
