import Locks
import OllamaClient
import ToolAgent
import ToolHost
import ToolJSON

/// The events of a chat as JSON lines on standard output, for programs.
///
/// Documentation/Schemas/chat-events.schema.json describes the lines. The first one has the version of their form, and
/// the last one the exit code.
final class EventLines: ResponseDisplay {
    /// The version of the form: it grows with each change that a reader of the old form cannot handle.
    static let version = 1

    private let end = Lock<(outcome: AgentOutcome?, answer: JSON?)>((nil, nil))

    /// Writes the first line.
    init() { write("start", ["version": .int(Self.version), "toolhost_version": .string(Installation.version)]) }

    /// Writes the line about the model and the tools.
    ///
    /// - Parameter server: The server, or nil for a replay.
    func begin(_ agent: Agent, server: OllamaEndpoint?) {
        write(
            "chat",
            [
                "model": .string(agent.model), "server": server.map { .string($0.url) } ?? .null,
                "tools": .array(agent.offeredNames.map(JSON.string)),
            ]
        )
    }

    func show(_ event: AgentEvent) {
        switch event {
        case .thinking(let text): write("thinking", ["text": .string(text)])
        case .content(let text): write("content", ["text": .string(text)])
        case .toolCalls(let calls): write("tool_calls", ["calls": .array(calls.map(\.eventJSON))])
        case .call(let event): show(event)
        case .turnFinished(let metrics): write("message_end", metrics.eventJSON)
        case .retrying(let reason): write("retrying", ["reason": .string(reason)])
        case .warning(let message): write("warning", ["message": .string(message)])
        }
    }

    func finish() {}

    /// Writes the lines of a step of a replay.
    func show(_ step: Replay.Step) {
        switch step {
        case .conversation(let agent): begin(agent, server: nil)
        case .prompt(let text): write("prompt", ["text": .string(text)])
        case .event(let event): show(event)
        case .outcome(let outcome):
            record(outcome)
            write("outcome", Self.members(outcome))
        case .failure(let error):
            record(nil)
            var members = Self.members(nil)
            members["error"] = .string("\(error)")
            write("outcome", members)
        }
    }

    /// Records the outcome of the response, and the value of an answer in a format.
    func record(_ outcome: AgentOutcome?, answer: JSON? = nil) { end.withLock { $0 = (outcome, answer) } }

    /// Writes the last line.
    ///
    /// - Parameters:
    ///   - exitCode: The exit code of the command.
    ///   - error: The message of the error that ends the command; empty if there is none.
    func finish(exitCode: Int32, error: String = "") {
        let (outcome, answer) = end.withLock { $0 }
        var members: JSONObject = ["exit_code": .int(exitCode)]
        for (key, value) in Self.members(outcome) { members[key] = value }
        members["answer"] = answer
        if !error.isEmpty { members["error"] = .string(error) }
        write("end", members)
    }

    private static func members(_ outcome: AgentOutcome?) -> JSONObject {
        guard let outcome else { return ["reason": "failed"] }
        return [
            "reason": .string(outcome.reason.rawValue), "text": .string(outcome.text), "rounds": .int(outcome.rounds),
        ]
    }

    private func show(_ event: DispatchEvent) {
        let index: JSON = .int(event.callIndex)
        switch event.kind {
        case .started(let call):
            write("call_started", ["index": index, "call": call.eventJSON])
        case .progress(let fraction, let message):
            let fraction = fraction.map { JSON.double($0) } ?? .null
            write("call_progress", ["index": index, "fraction": fraction, "message": .string(message)])
        case .output:
            // The result has all pieces.
            break
        case .finished(let result):
            Console.output.json(.compact) { writer in
                writer.beginObject()
                for (key, value) in ["event": "call_finished", "index": index] as JSONObject {
                    writer.key(key)
                    writer.write(value)
                }
                writer.key("result")
                result.write(to: &writer, withParts: true)
                writer.endObject()
            }
        }
    }

    private func write(_ event: String, _ members: JSONObject) {
        var line: JSONObject = ["event": .string(event)]
        for (key, value) in members { line[key] = value }
        Console.output.json(.object(line), .compact)
    }
}

extension ToolCall {
    fileprivate var eventJSON: JSON {
        var members: JSONObject = [:]
        if let id { members["id"] = .string(id) }
        members["tool"] = .string(name)
        members["arguments"] = arguments
        if origin == .printed { members["origin"] = "printed" }
        return .object(members)
    }
}

extension TurnMetrics {
    fileprivate var eventJSON: JSONObject {
        func number(_ value: Int?) -> JSON { value.map { .int($0) } ?? .null }
        func seconds(_ value: Duration?) -> JSON { value.map { .double($0.inSeconds) } ?? .null }
        return [
            "prompt_tokens": number(promptTokens), "output_tokens": number(outputTokens),
            "done_reason": doneReason.map(JSON.string) ?? .null, "load_seconds": seconds(loadDuration),
            "prompt_seconds": seconds(promptDuration), "output_seconds": seconds(outputDuration),
            "context": context?.eventJSON ?? .null,
        ]
    }
}

extension ContextUsage {
    fileprivate var eventJSON: JSON {
        [
            "tool_tokens": .int(toolTokens), "message_tokens": .int(messageTokens),
            "window_tokens": windowTokens.map { .int($0) } ?? .null, "percent": percent.map { .int($0) } ?? .null,
            "compacted": .bool(isCompacted),
        ]
    }
}
