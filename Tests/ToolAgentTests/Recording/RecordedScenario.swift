import Foundation
import OllamaClient
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@testable import ToolAgent

/// A conversation with a scripted model that is recorded and then replayed.
struct RecordedScenario: Sendable, CustomTestStringConvertible {
    let name: String
    var prompts = ["Go"]
    var replies: [ScriptedModel.Reply]
    var tools: [any ProgramTool] = []
    var maximumCalls = ToolLimits().calls
    var configure: @Sendable (inout AgentConfiguration) -> Void = { _ in }
    /// Returns true at the event at which the user cancels the response.
    var cancels: @Sendable (AgentEvent) -> Bool = { _ in false }

    var testDescription: String { name }

    /// The events and the outcomes, in words.
    struct Log: Sendable, Equatable {
        var lines: [String] = []
        var messages: [String] = []
    }

    /// Runs the conversation.
    ///
    /// - Parameter path: The file of the recording.
    func record(to path: String) async throws -> Log {
        let writer = try RecordingWriter(path: path)
        let log = try await run(observers: [writer.observe])
        #expect(writer.failure == nil)
        return log
    }

    /// Runs the conversation with other observers.
    func run(observers: [ConversationEvent.Observer]) async throws -> Log {
        var configuration = HostConfiguration()
        configuration.limits.calls = maximumCalls
        let scenario = try Scenario(replies, tools: tools, host: ToolHost(configuration)) { configuration in
            configure(&configuration)
            configuration.observers += observers
        }
        var log = Log()
        for prompt in prompts {
            let response = scenario.agent.respond(to: prompt)
            do {
                for try await event in response {
                    log.add(event)
                    if cancels(event) { response.cancel() }
                }
                log.add(try await response.outcome)
            } catch {
                log.lines.append("error: \(error)")
            }
        }
        log.add(scenario.agent.messages)
        return log
    }
}

extension RecordedScenario.Log {
    mutating func add(_ event: AgentEvent) {
        switch event {
        case .thinking(let text): lines.append("thinking: \(text)")
        case .content(let text): lines.append("content: \(text)")
        case .toolCalls(let calls): lines.append("calls: \(calls.map { "\($0.id ?? "") \($0.name) \($0.arguments)" })")
        case .call(let event):
            guard case .finished(let result) = event.kind else { return }
            // Parallel calls finish in any order.
            let line = "result \(event.callIndex): \(result.call.name) \(result.status) \(result.text)"
            let place = lines.lastIndex { !$0.hasPrefix("result ") }.map { $0 + 1 } ?? 0
            lines.append(line)
            lines[place...].sort()
        case .turnFinished(let metrics): lines.append("turn: \(metrics)")
        case .retrying(let reason): lines.append("retry: \(reason)")
        case .warning(let message): lines.append("warning: \(message)")
        }
    }

    mutating func add(_ outcome: AgentOutcome) { lines.append("outcome: \(outcome)") }

    mutating func add(_ messages: [ChatMessage]) { self.messages += messages.map { $0.json.text() } }
}

extension Replay {
    /// Replays everything.
    func log(in host: ToolHost = ToolHost()) async throws -> RecordedScenario.Log {
        var log = RecordedScenario.Log()
        try await run(in: host) { step in
            switch step {
            case .conversation, .prompt: break
            case .event(let event): log.add(event)
            case .outcome(let outcome): log.add(outcome)
            case .failure(let error): log.lines.append("error: \(error)")
            }
        }
        return log
    }
}

extension RecordedScenario {
    private static let isCall: @Sendable (AgentEvent) -> Bool = { event in
        guard case .call(let event) = event, case .started = event.kind else { return false }
        return true
    }

    private static func call(_ name: String, _ arguments: JSON = [:]) -> ScriptedModel.Reply {
        .lines(Chunk.calls(Chunk.call(name, arguments)), Chunk.done())
    }

    private static let answer = ScriptedModel.Reply.lines(
        Chunk.content("That "),
        Chunk.content("is all."),
        Chunk.done(counts: ["prompt_eval_count": 12, "eval_count": 5])
    )

    private static let dot = ContentPart(mediaType: "image/png", bytes: [0, 255])

    /// Conversations with every kind of step.
    static let all = [
        RecordedScenario(name: "an answer", replies: [answer]),
        RecordedScenario(
            name: "thinking, and parallel calls of which one fails",
            replies: [
                .lines(
                    Chunk.thinking("Hm. "),
                    Chunk.calls(
                        Chunk.call("get_temperature", ["city": "London"], id: "a"),
                        Chunk.call("get_temperature", ["city": 1], id: "a"),
                        Chunk.call("nope")
                    ),
                    Chunk.done()
                ), answer,
            ],
            tools: [CityTool.temperature]
        ),
        RecordedScenario(
            name: "several prompts",
            prompts: ["One", "Two", "Three"],
            replies: [call("add", ["a": 1, "b": 2]), answer, answer, call("add", ["a": 3, "b": 4]), answer],
            tools: [NumberTool.add]
        ),
        RecordedScenario(
            name: "calls that are repeated until the response ends",
            replies: Array(repeating: call("add", ["a": 1, "b": 2]), count: 4),
            tools: [NumberTool.add]
        ),
        RecordedScenario(
            name: "printed calls, of which one is invalid",
            prompts: ["One", "Two"],
            replies: [
                .lines(Chunk.content(#"{"name": "add", "arguments": {"a": 1, "b": 2}}"#), Chunk.done()), answer,
                .lines(Chunk.content(#"{"name": "add", "arguments": {"a": 1}}"#), Chunk.done()),
            ],
            tools: [NumberTool.add]
        ),
        RecordedScenario(
            name: "a failure that is retried",
            replies: [
                .failing(OllamaError(.modelCrashed, message: "The model crashed."), after: Chunk.content("Th")), answer,
            ]
        ),
        RecordedScenario(
            name: "a failure after which the conversation continues",
            prompts: ["One", "Two"],
            replies: [.failing(OllamaError(.forbidden, message: "No.")), answer]
        ),
        RecordedScenario(name: "a reply without an end", replies: [.lines(Chunk.content("Th"))]),
        RecordedScenario(
            name: "an empty message, after which a hint is sent",
            replies: [.lines(Chunk.done()), answer],
            tools: [Bare()]
        ),
        RecordedScenario(
            name: "a message that was cut off",
            replies: [.lines(Chunk.calls(Chunk.call("Bare")), Chunk.done("length")), answer],
            tools: [Bare()]
        ),
        RecordedScenario(
            name: "more calls than the limit",
            replies: [
                .lines(Chunk.calls(Chunk.call("Bare"), Chunk.call("Bare"), Chunk.call("Bare")), Chunk.done()), answer,
            ],
            tools: [Bare()],
            maximumCalls: 1
        ),
        RecordedScenario(
            name: "the limit of rounds, a system prompt and a window",
            replies: [call("Bare"), call("Bare"), answer],
            tools: [Bare()]
        ) {
            $0.maximumRounds = 2
            $0.system = "Be brief."
            $0.options = ["num_ctx": 64, "temperature": 0]
        },
        RecordedScenario(
            name: "a conversation that is compacted",
            prompts: (0..<8).map { "Prompt \($0)" },
            replies: (0..<8).flatMap { _ in [call("long"), answer] },
            tools: [Fixed(name: "long", output: .text(String(repeating: "word ", count: 60)))]
        ) {
            $0.options = ["num_ctx": 512]
        },
        RecordedScenario(name: "a format", replies: [call("Bare"), answer, answer], tools: [Bare()]) {
            $0.format = ["type": "object"]
        },
        RecordedScenario(
            name: "a required call",
            replies: [answer, .lines(Chunk.content(#"{"name": "Bare", "arguments": {}}"#), Chunk.done()), answer],
            tools: [Bare(), CityTool.temperature]
        ) {
            $0.toolChoice = .required
        },
        RecordedScenario(
            name: "an image",
            replies: [call("image"), answer],
            tools: [Fixed(name: "image", output: ToolReply([.text("A dot"), dot]))]
        ),
        RecordedScenario(
            name: "a cancelled reply, after which the conversation continues",
            prompts: ["One", "Two"],
            replies: [.hanging(Chunk.content("Th")), answer],
            cancels: { event in if case .content("Th") = event { true } else { false } }
        ),
        RecordedScenario(
            name: "a cancelled call, after which the conversation continues",
            prompts: ["One", "Two"],
            replies: [call("endless"), answer],
            tools: [Endless()],
            cancels: isCall
        ),
        RecordedScenario(
            name: "a cancellation before the calls",
            prompts: ["One", "Two"],
            replies: [call("Bare"), answer],
            tools: [Bare()],
            cancels: { event in if case .turnFinished = event { true } else { false } }
        ),
    ]
}
