public import OllamaClient
public import ToolContract
public import ToolHost
import ToolJSON

/// Lets a model work with tools: asks it, runs what it calls, tells it the results, until it answers.
///
/// ```swift
/// let agent = Agent(model: "qwen3", client: client, host: host)
/// let outcome = try await agent.respond(to: "What is the temperature in New York?") { event in
///     if case .content(let text) = event { print(text, terminator: "") }
/// }
/// ```
///
/// An agent is one conversation: each ``respond(to:observe:)-(String,_)`` continues it. The tools are those that the
/// host has when the agent is made, and stay the same, as a model's prompt cache lives on that.
public actor Agent {
    /// The model.
    public nonisolated let model: String
    /// The tools that the model is offered, sorted by name.
    public nonisolated let tools: [RegisteredTool]
    /// What was decided for this conversation.
    public nonisolated let configuration: AgentConfiguration

    let client: OllamaClient
    let host: ToolHost
    let definitions: [JSON]
    /// The names whose calls are not those of an unknown tool.
    let callableNames: Set<String>
    var conversation: Conversation
    var window: ContextWindow?
    private var isResponding = false

    /// Makes a new conversation; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - model: The model's name, as the server knows it.
    ///   - client: The server.
    ///   - host: Has the tools and runs them. Its plugins should be loaded by now.
    ///   - configuration: All else.
    public init(
        model: String,
        client: OllamaClient,
        host: ToolHost,
        configuration: AgentConfiguration = AgentConfiguration()
    ) {
        self.model = model
        self.client = client
        self.host = host
        self.configuration = configuration
        tools = configuration.offers.map { host.tools.filter($0) } ?? host.tools
        let unoffered = configuration.offers == nil ? host.plugins.flatMap(\.unofferedTools.keys) : []
        callableNames = Set(tools.map(\.name) + unoffered)
        definitions = tools.map { OllamaTools.tool(for: $0.schema) }
        conversation = Conversation(system: configuration.system)
    }

    /// Makes a new conversation with tools of this program alone.
    ///
    /// - Parameters:
    ///   - model: The model's name, as the server knows it.
    ///   - tools: The tools; what Swift's `@Tool` makes is one.
    ///   - client: The server; unless said, the one of the environment.
    ///   - configuration: All else.
    /// - Throws: `ToolHostError` where one of them describes no tool, or two have one name.
    public init(
        model: String,
        tools: [Tool],
        client: OllamaClient = OllamaClient(),
        configuration: AgentConfiguration = AgentConfiguration()
    ) throws(ToolHostError) {
        let host = ToolHost()
        for tool in tools { try host.register(tool) }
        self.init(model: model, client: client, host: host, configuration: configuration)
    }

    /// The conversation so far.
    ///
    /// It can be sent as it is at any moment: every call in it has its answer.
    public var messages: [ChatMessage] { conversation.messages }

    /// Continues the conversation with a text.
    ///
    /// The same as ``respond(to:observe:)-(ChatMessage,_)`` with a message of the user.
    public func respond(
        to prompt: String,
        observe: @escaping @Sendable (AgentEvent) -> Void = { _ in }
    ) async throws -> AgentOutcome {
        try await respond(to: ChatMessage(role: .user, content: prompt), observe: observe)
    }

    /// Continues the conversation with a message, and lets the model call tools until it answers.
    ///
    /// Cancelling the surrounding task is no error: the request and the calls that still run are ended, what the model
    /// has said so far is kept, and the conversation can be continued. A prompt that got no answer at all is then sent
    /// together with the next one.
    ///
    /// - Parameters:
    ///   - prompt: The user's message, with images perhaps.
    ///   - observe: Told what happens, one thing at a time, on any thread. Tools wait while it works: it must be quick.
    /// - Returns: How it ended, and the model's last words.
    /// - Throws: `OllamaError` where the server fails; what it said until then is kept, and a prompt of which nothing
    ///   came is taken back, so that it can be given again. ``AgentError`` while another response is under way.
    public func respond(
        to prompt: ChatMessage,
        observe: @escaping @Sendable (AgentEvent) -> Void = { _ in }
    ) async throws -> AgentOutcome {
        guard !isResponding else {
            throw AgentError(message: "This agent is responding already. Wait until it is done, or cancel that first.")
        }
        isResponding = true
        defer { isResponding = false }
        let before = conversation
        conversation.ask(prompt)
        do {
            return try await run(EventSink(observe))
        } catch {
            if conversation.messages.last?.role == .user { conversation = before }
            throw error
        }
    }

    /// Asks and dispatches by turns.
    private func run(_ events: EventSink) async throws -> AgentOutcome {
        var rounds = 0
        var phase = Phase(rounds: 0, of: configuration, hasTools: !tools.isEmpty)
        var repetition = RepetitionWatch()
        var warning: String?
        func outcome(_ reason: AgentOutcome.StopReason, _ text: String = "") -> AgentOutcome {
            AgentOutcome(reason: reason, text: text, rounds: rounds)
        }

        guard try await learnContextSize() else { return outcome(.cancelled) }
        while true {
            if warning == nil {
                warning = window?.warning(for: messages)
                if let warning { events.send(.warning(warning)) }
            }
            let turn = try await nextTurn(phase, events)
            guard turn.isComplete, !Task.isCancelled || turn.calls.isEmpty else {
                conversation.add(turn.interruptedMessage)
                return outcome(.cancelled, turn.content)
            }
            if phase == .open { measure(turn) }
            if phase == .open, !turn.calls.isEmpty {
                rounds += 1
                await answerCalls(of: turn, &repetition, events)
                if Task.isCancelled { return outcome(.cancelled, turn.content) }
                phase = Phase(rounds: rounds, of: configuration, hasTools: !tools.isEmpty)
            } else if phase == .open, configuration.format != nil {
                // What it said freely is only the sign that it needs no more tools.
                phase = .bound
            } else {
                conversation.add(turn.message(calls: []))
                if turn.isTruncated { return outcome(.truncated, turn.content) }
                if rounds >= configuration.rounds { return outcome(.roundLimit, turn.content) }
                return outcome(turn.isBlank ? .emptyAnswer : .answered, turn.content)
            }
        }
    }
}
