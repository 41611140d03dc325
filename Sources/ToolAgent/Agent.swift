import Locks
public import OllamaClient
public import ToolContract
public import ToolHost
import ToolJSON

/// A conversation in which a model can call tools.
///
/// The agent sends the conversation to the model, runs the calls in its reply, sends the results, and repeats this
/// until the model answers.
///
/// ```swift
/// let agent = Agent(model: "qwen3", host: host)
/// for try await event in agent.respond(to: "What is the temperature in New York?") {
///     if case .content(let text) = event { print(text, terminator: "") }
/// }
/// ```
///
/// Each ``respond(to:)-(ChatMessage)`` continues the same conversation. The tools are those of the host at the time
/// when the agent is created. They stay the same, because servers cache the beginning of a prompt.
///
/// An agent may be used on any thread.
public final class Agent: Sendable {
    /// The name of the model.
    public let model: String
    /// The tools of the host that are offered to the model, sorted by name.
    public let tools: [RegisteredTool]
    /// The configuration of the conversation.
    public let configuration: AgentConfiguration

    let client: any ChatModel
    /// The form in which requests go to the model.
    let adaptation: AdaptedModel
    let host: ToolHost
    /// The tools in the form of requests: ``tools``, and those that stand-ins add.
    let offered: [OfferedTool]
    /// The tools of this agent, which requests have after ``offered``.
    let ownTools: OwnTools
    private let allDefinitions: EncodedTools
    /// The names that calls may have.
    ///
    /// They include tools that the host knows but cannot offer: the result of such a call is the tool's state.
    let callableNames: Set<String>
    /// The state of the conversation.
    ///
    /// Only the task of a response changes it. It is no actor, because that task would switch threads whenever it
    /// enters or leaves one.
    let state: Lock<State>
    /// The number of responses so far, and the task of the last one while it runs.
    let latest = Lock<(number: Int, task: Task<AgentOutcome, any Error>?)>((0, nil))

    /// The state that a conversation has between two responses.
    struct State {
        var conversation: Conversation
        var window: ContextWindow?
        /// True once the capabilities of the model are known or cannot be determined.
        var hasCheckedCapabilities = false
        /// The details of the model, or nil if they were not requested or the server does not report them.
        var details: ModelDetails?
        /// The model, if it runs on another computer.
        var remoteModel: RemoteModel?
        /// The control tokens of the model.
        var controlTokens = ControlTokens.common

        /// The conversation as requests have it, which may be only a part of the stored one.
        var requested: Conversation {
            guard let window else { return conversation }
            return conversation.showing(window.view(of: conversation.messages))
        }
    }

    /// Creates a conversation.
    ///
    /// Nothing is sent yet.
    ///
    /// - Parameters:
    ///   - model: The model's name, as the server knows it.
    ///   - client: The connection to the model. By default, the Ollama server that the environment names.
    ///   - host: The host that has the tools and runs the calls. Load its plugins before.
    ///   - configuration: The limits and options of the conversation.
    public init(
        model: String,
        client: any ChatModel = OllamaClient(),
        host: ToolHost,
        configuration: AgentConfiguration = AgentConfiguration()
    ) {
        self.model = model
        let observers = configuration.observers
        adaptation = AdaptedModel(base: client, adapts: configuration.adaptsRequests)
        self.client = observers.isEmpty ? adaptation : ObservedModel(base: adaptation, observers: observers)
        self.host = host
        self.configuration = configuration
        let isOffering = configuration.toolChoice != .none
        tools = isOffering ? configuration.includesTool.map { host.tools.filter($0) } ?? host.tools : []
        let isWhole = isOffering && configuration.includesTool == nil
        let unoffered = isWhole ? host.plugins.flatMap(\.unofferedTools.keys) : []
        callableNames = Set(tools.map(\.name) + unoffered)
        var offered = tools.map(\.offered)
        let offersReading = configuration.offersResultReading && isOffering
        ownTools = OwnTools(
            offersReading: offersReading && !tools.isEmpty,
            search: ToolSearch(configuration.toolSearch, tools, always: configuration.alwaysOfferedTools),
            besides: callableNames
        )
        if isOffering, let standIns = configuration.standIns {
            offered += standIns.offered(besides: Set(offered.map(\.name)).union(ownTools.names))
        }
        self.offered = offered
        let all = offered + ownTools.offered
        allDefinitions = EncodedTools(all.map(\.definition), texts: all.map(\.text))
        let remoteModel = client.isRemote(model) ? RemoteModel(name: model) : nil
        state = Lock(State(conversation: Conversation(system: configuration.system), remoteModel: remoteModel))
    }

    /// Creates a conversation with tools of this program alone.
    ///
    /// - Parameters:
    ///   - model: The model's name, as the server knows it.
    ///   - tools: The tools, such as those that Swift's `@Tool` declares.
    ///   - client: The connection to the model. By default, the Ollama server that the environment names.
    ///   - configuration: The limits and options of the conversation.
    /// - Throws: `ToolHostError` if the definition of a tool is not valid, or two tools have the same name.
    public convenience init(
        model: String,
        tools: [Tool],
        client: any ChatModel = OllamaClient(),
        configuration: AgentConfiguration = AgentConfiguration()
    ) throws(ToolHostError) {
        let host = ToolHost()
        for tool in tools { try host.register(tool) }
        self.init(model: model, client: client, host: host, configuration: configuration)
    }

    /// The tools of the next request: all, or those that a search has left or found.
    var definitions: EncodedTools { ownTools.search?.definitions(with: ownTools.offered) ?? allDefinitions }

    /// Decides whether the model must search for tools, before the first request.
    ///
    /// - Parameter window: The size of the context window in tokens, or nil if it is unknown.
    func beginToolSearch(window: Int?) {
        ownTools.search?.begin(window: window, byteCount: allDefinitions.byteCount)
    }

    /// Offers the called tools with later requests, if the model searches for tools.
    func offerCalledTools(_ calls: [ToolCall]) {
        guard let search = ownTools.search, search.isOn else { return }
        search.offer(calls.map(\.name))
        let bytes = toolBytes
        state.withLock { $0.window?.replaceTools(bytes: bytes) }
    }

    /// The names of the tools that requests offer, unless the model searches for tools.
    package var offeredNames: [String] { offered.map(\.name) }

    /// The messages of the conversation.
    ///
    /// They are valid for a request at any time: each call in them is followed by its result.
    public var messages: [ChatMessage] { state.withLock { $0.conversation.messages } }

    /// Continues the conversation with a text of the user.
    ///
    /// - Parameter prompt: The text.
    /// - Returns: The response, as ``respond(to:)-(ChatMessage)`` does.
    public func respond(to prompt: String) -> AgentResponse {
        respond(to: ChatMessage(role: .user, content: prompt))
    }

    /// Continues the conversation with a message of the user.
    ///
    /// The function returns at once, and the work starts. The conversation can be continued after any outcome; a prompt
    /// whose response was cancelled before any reply is sent together with the next one.
    ///
    /// - Parameter prompt: The message of the user, which may have images.
    /// - Returns: The response: its events and its outcome. It is cancelled when it is dropped. It fails with
    ///   ``AgentError`` and the code ``AgentError/Code/alreadyResponding`` if another response is under way. If the
    ///   other response was cancelled, the new one waits until it has ended.
    public func respond(to prompt: ChatMessage) -> AgentResponse {
        latest.withLock { latest in
            if let task = latest.task, !task.isCancelled {
                return AgentResponse { _ in throw AgentError.responding }
            }
            latest.number += 1
            let (number, previous) = (latest.number, latest.task)
            let response = AgentResponse(observers: configuration.observers) { events in
                _ = await previous?.result
                defer { self.finishResponse(number) }
                return try await self.respond(to: prompt, events)
            }
            latest.task = response.task
            return response
        }
    }

    /// Allows the next response, before the reader learns of the end of this one.
    private func finishResponse(_ number: Int) {
        latest.withLock { if $0.number == number { $0.task = nil } }
    }
}
