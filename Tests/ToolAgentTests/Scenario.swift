import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

/// An agent that talks to a scripted server, and all that happens to it.
final class Scenario: Sendable {
    let agent: Agent
    let server: ScriptedServer
    let recorder = EventRecorder()

    /// - Parameters:
    ///   - replies: What the server answers, in this order.
    ///   - tools: Registered in the host.
    ///   - host: Another host, with plugins perhaps.
    ///   - configure: The size of the window is not asked for unless this says so: that would be two requests more.
    init(
        _ replies: [ScriptedServer.Reply],
        tools: [any ProgramTool] = [],
        host: ToolHost = ToolHost(),
        configure: (inout AgentConfiguration) -> Void = { _ in }
    ) async throws {
        server = try ScriptedServer(replies)
        let client = OllamaClient(environment: ["OLLAMA_HOST": server.address])
        for tool in tools { try host.register(Tool(tool)) }
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        configure(&configuration)
        agent = Agent(model: "qwen3", client: client, host: host, configuration: configuration)
    }

    var events: Events { recorder.events }

    /// The paths of the requests so far.
    var paths: [String] { server.requests.map(\.path) }

    /// The bodies of the requests so far, of those that have one.
    func requests() throws -> [JSON] {
        try server.requests.filter { !$0.body.isEmpty }.map { try JSON(parsing: $0.body) }
    }

    func respond(to prompt: String) async throws -> AgentOutcome {
        try await agent.respond(to: prompt) { [recorder] in recorder.record($0) }
    }

    /// Expects exactly these requests, each as a whole.
    func expectRequests(_ texts: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        let requests = try requests()
        #expect(requests.count == texts.count, sourceLocation: sourceLocation)
        for (request, text) in zip(requests, texts) {
            #expect(try request == JSON(parsing: text), sourceLocation: sourceLocation)
        }
    }
}
