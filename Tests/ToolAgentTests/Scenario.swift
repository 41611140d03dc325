import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

/// An agent with a scripted model or a scripted server, and a record of its events and requests.
final class Scenario: Sendable {
    let agent: Agent
    /// The server, if the scenario has one.
    let server: ScriptedServer?
    let recorder = EventRecorder()
    private let sentRequests: @Sendable () throws -> [JSON]

    /// Creates an agent whose model replies from a script.
    ///
    /// - Parameters:
    ///   - replies: The replies in order.
    ///   - tools: The tools to register in the host.
    ///   - host: The host, which may have plugins.
    ///   - configure: Changes the configuration. By default the size of the window and the capabilities of the model are
    ///     not determined, only the tools of the host are offered, and there is no pause before a repeated request.
    init(
        _ replies: [ScriptedModel.Reply],
        tools: [any ProgramTool] = [],
        host: ToolHost = ToolHost(),
        configure: (inout AgentConfiguration) -> Void = { _ in }
    ) throws {
        let model = ScriptedModel(replies)
        agent = try Self.agent(model, tools, host, configure)
        server = nil
        sentRequests = { model.requests.map(\.json) }
    }

    /// Creates an agent that talks to a scripted server, for tests of the wire.
    ///
    /// - Parameters:
    ///   - replies: The replies in order.
    ///   - tools: The tools to register in the host.
    ///   - details: The reply to requests for the details of the model.
    ///   - configure: Changes the configuration. By default the size of the window is not determined, which would take
    ///     two more requests, and only the tools of the host are offered.
    init(
        server replies: [ScriptedServer.Reply],
        details: ScriptedServer.Reply? = .unknownRoute,
        tools: [any ProgramTool] = [],
        configure: (inout AgentConfiguration) -> Void = { _ in }
    ) throws {
        let server = try ScriptedServer(replies, details: details)
        let client = OllamaClient(environment: ["OLLAMA_HOST": server.address])
        agent = try Self.agent(client, tools, ToolHost(), configure)
        self.server = server
        sentRequests = { try server.requests.filter { !$0.body.isEmpty }.map { try JSON(parsing: $0.body) } }
    }

    private static func agent(
        _ client: any ChatModel,
        _ tools: [any ProgramTool],
        _ host: ToolHost,
        _ configure: (inout AgentConfiguration) -> Void
    ) throws -> Agent {
        for tool in tools { try host.register(Tool(tool)) }
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        configuration.offersResultReading = false
        configuration.checksCapabilities = false
        configuration.pause = { _ in }
        configuration.toolSearch = .never
        configure(&configuration)
        return Agent(model: "qwen3", client: client, host: host, configuration: configuration)
    }

    var events: Events { recorder.events }

    /// The paths of the requests so far.
    var paths: [String] { server?.requests.map(\.path) ?? [] }

    /// Returns the bodies of the requests so far, without empty ones.
    func requests() throws -> [JSON] { try sentRequests() }

    /// Responds to a prompt, and records the events.
    func respond(to prompt: String) async throws -> AgentOutcome {
        let response = agent.respond(to: prompt)
        for try await event in response { recorder.record(event) }
        return try await response.outcome
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
