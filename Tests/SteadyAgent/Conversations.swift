import OllamaClient
import TestSupport
import ToolAgent
import ToolHost
import ToolJSON

/// Conversations with a model server in this process.
///
/// Each function returns its defects, of which there should be none.
struct Conversations: Sendable {
    private let host = ToolHost()

    init() throws {
        try host.register(Tools.echo)
        try host.register(Tools.endless)
    }

    // MARK: - Replies

    private static let end = #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}"#
    private static let answer = ScriptedServer.Reply.lines(
        #"{"message":{"role":"assistant","content":"It is "},"done":false}"#,
        #"{"message":{"role":"assistant","content":"said."},"done":false}"#,
        end
    )

    private static let word = #"{"word":"hello"}"#

    private static func calls(_ name: String, _ arguments: String, count: Int) -> ScriptedServer.Reply {
        let call = #"{"function":{"name":"\#(name)","arguments":\#(arguments)}}"#
        let calls = Array(repeating: call, count: count).joined(separator: ",")
        return .lines(#"{"message":{"role":"assistant","content":"","tool_calls":[\#(calls)]},"done":false}"#, end)
    }

    /// A reply with calls if the last message is a prompt, and otherwise the answer.
    private static let turn = ScriptedServer.Reply.answering { request in
        let messages = (try? JSON(parsing: request.body))?["messages"]?.array
        return messages?.last?["role"]?.string == "user" ? calls("echo", word, count: 2) : answer
    }

    // MARK: - The conversations

    private func agent(_ server: ScriptedServer, _ client: OllamaClient? = nil) -> Agent {
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        let client = client ?? OllamaClient(endpoint: OllamaEndpoint(parsing: server.address))
        return Agent(model: "scripted", client: client, host: host, configuration: configuration)
    }

    /// Returns the difference between two values, if there is one.
    private func defects<Value: Equatable>(_ place: String, _ value: Value, _ expected: Value) -> [String] {
        value == expected ? [] : ["\(place): \(value) instead of \(expected)"]
    }

    private static let wholeTurn: [ChatMessage.Role] = [.user, .assistant, .tool, .tool, .assistant]
    private static let answered = AgentOutcome(reason: .answered, text: "It is said.", rounds: 1)

    /// Checks the messages after a number of whole turns.
    private func checkTurns(_ agent: Agent, _ place: String, _ count: Int) -> [String] {
        let roles = Array(repeating: Self.wholeTurn, count: count).flatMap(\.self)
        let words = agent.messages.filter { $0.role == .tool }.map(\.content)
        return defects(place, agent.messages.map(\.role), roles)
            + defects(place, words, Array(repeating: Self.word, count: 2 * count))
    }

    /// Turns whose outcome is awaited.
    func outcomes(_ count: Int) async throws -> [String] {
        let server = try ScriptedServer(Array(repeating: Self.turn, count: 2 * count))
        let agent = agent(server)
        var found: [String] = []
        for index in 0..<count {
            found += defects("outcome \(index)", try await agent.respond(to: "Say it").outcome, Self.answered)
        }
        return found + checkTurns(agent, "outcomes", count)
    }

    /// Turns whose events are read.
    func events(_ count: Int) async throws -> [String] {
        let server = try ScriptedServer(Array(repeating: Self.turn, count: 2 * count))
        let agent = agent(server)
        var found: [String] = []
        for index in 0..<count {
            let response = agent.respond(to: "Say it")
            var (text, results, turns) = ("", 0, 0)
            for try await event in response {
                switch event {
                case .content(let piece): text += piece
                case .turnFinished: turns += 1
                case .call(let event): if case .finished(let result) = event.kind, result.status == .ok { results += 1 }
                default: break
                }
            }
            found += defects("events \(index)", [text, "\(results)", "\(turns)"], ["It is said.", "2", "2"])
            found += defects("events \(index)", try await response.outcome, Self.answered)
        }
        return found + checkTurns(agent, "events", count)
    }

    /// Responses that are cancelled while the model writes.
    func cancelledRequests(_ count: Int) async throws -> [String] {
        let beginning = #"{"message":{"role":"assistant","content":"It is"},"done":false}"#
        let server = try ScriptedServer(Array(repeating: .hanging(beginning), count: count))
        let agent = agent(server)
        var found: [String] = []
        for index in 0..<count {
            let response = agent.respond(to: "Say it")
            for try await event in response { if case .content = event { response.cancel() } }
            let outcome = try await response.outcome
            found += defects("request \(index)", outcome, AgentOutcome(reason: .cancelled, text: "It is", rounds: 0))
            found += defects("request \(index)", await server.outcome(of: index), .clientClosed)
        }
        let roles = Array(repeating: [ChatMessage.Role.user, .assistant], count: count).flatMap(\.self)
        return found + defects("cancelled requests", agent.messages.map(\.role), roles)
    }

    /// Responses that are cancelled while a call runs.
    func cancelledCalls(_ count: Int) async throws -> [String] {
        let server = try ScriptedServer(Array(repeating: Self.calls("endless", "{}", count: 1), count: count))
        let agent = agent(server)
        var found: [String] = []
        for index in 0..<count {
            let response = agent.respond(to: "Wait")
            for try await event in response {
                if case .call(let event) = event, case .started = event.kind { response.cancel() }
            }
            found += defects("call \(index)", try await response.outcome.reason, .cancelled)
        }
        let roles = agent.messages.map(\.role).filter { $0 != .assistant }
        return found
            + defects("cancelled calls", roles, Array(repeating: [.user, .tool], count: count).flatMap(\.self))
    }

    /// Responses that are dropped while the model writes, each followed by one that is read.
    func droppedResponses(_ count: Int) async throws -> [String] {
        let replies = [ScriptedServer.Reply.hanging(), Self.answer]
        let server = try ScriptedServer(Array(repeating: replies, count: count).flatMap(\.self))
        let agent = agent(server)
        var found: [String] = []
        for index in 0..<count {
            var dropped: AgentResponse? = agent.respond(to: "Say it")
            _ = await server.request(2 * index)
            withExtendedLifetime(dropped) {}
            dropped = nil
            let outcome = try await agent.respond(to: "Say it").outcome
            found += defects("dropped \(index)", outcome.reason, .answered)
            found += defects("dropped \(index)", await server.outcome(of: 2 * index), .clientClosed)
        }
        let roles = Array(repeating: [ChatMessage.Role.user, .assistant], count: count).flatMap(\.self)
        return found + defects("dropped responses", agent.messages.map(\.role), roles)
    }

    /// Agents that talk at once over the connections of one client.
    func agents(_ agents: Int, turns: Int) async throws -> [String] {
        let server = try ScriptedServer(Array(repeating: Self.turn, count: agents * turns * 2))
        let client = OllamaClient(endpoint: OllamaEndpoint(parsing: server.address))
        return try await withThrowingTaskGroup(of: [String].self) { group in
            for number in 0..<agents {
                group.addTask {
                    let agent = agent(server, client)
                    var found: [String] = []
                    for _ in 0..<turns {
                        let outcome = try await agent.respond(to: "Say it").outcome
                        found += defects("agent \(number)", outcome, Self.answered)
                    }
                    return found + checkTurns(agent, "agent \(number)", turns)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}
