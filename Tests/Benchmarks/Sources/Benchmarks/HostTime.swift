import Foundation
import OllamaClient
import ToolAgent
import ToolHost
import ToolJSON

/// A conversation of two turns with a call, beside the same two HTTP exchanges without the host.
enum HostTime {
    private static let rounds = 500

    static func measure(_ workshop: PluginWorkshop, into table: inout Table) async throws {
        announce("The time of the host in a turn …")
        try workshop.plugin("get_temperature", in: "turn")
        var configuration = HostConfiguration()
        configuration.isolation = .inProcess
        configuration.authorization = .allowAll
        configuration.searchPath.add(workshop.directory.appending(path: "turn").path)
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        let server = try ScriptedServer()
        let client = OllamaClient(endpoint: OllamaEndpoint(parsing: "127.0.0.1:\(server.port)"))

        let clock = ContinuousClock()
        var whole: [Duration] = []
        var bare: [Duration] = []
        // Alternating, so that other load on the machine affects both equally. The first rounds warm up.
        for round in 0..<rounds + 50 {
            let requests = try await requests(client, host)
            let withHost = try await clock.measure {
                _ = try await agent(client, host).respond(to: "Temperature?").outcome
            }
            let without = try await clock.measure {
                for request in requests { for try await chunk in client.chat(request) { _ = chunk.done } }
            }
            if round >= 50 {
                whole.append(withHost)
                bare.append(without)
            }
        }
        table.add("a turn of the agent", median(whole) / 2, beside: median(bare) / 2, "its HTTP exchange")
        table.add(
            "the time of the host in it",
            (median(whole) - median(bare)) / 2,
            beside: .seconds(1),
            "one second of a model"
        )
    }

    private static func agent(_ client: OllamaClient, _ host: ToolHost) -> Agent {
        var configuration = AgentConfiguration()
        configuration.options = ["num_ctx": 4096]
        return Agent(model: "scripted", client: client, host: host, configuration: configuration)
    }

    /// Returns the requests that the agent sends in a conversation.
    private static func requests(_ client: OllamaClient, _ host: ToolHost) async throws -> [ChatRequest] {
        let agent = agent(client, host)
        let outcome = try await agent.respond(to: "Temperature?").outcome
        guard outcome.reason == .answered, outcome.rounds == 1 else { throw BenchmarkError("No call was made.") }
        let messages = agent.messages
        return [1, messages.count - 1].map { count in
            var request = ChatRequest(model: "scripted", messages: Array(messages.prefix(count)))
            request.tools = agent.tools.map { OllamaTools.tool(for: $0.schema) }
            request.options = ["num_ctx": 4096]
            return request
        }
    }
}
