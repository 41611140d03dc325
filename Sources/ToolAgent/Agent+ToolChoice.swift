import OllamaClient
import ToolHost
import ToolJSON

extension Agent {
    /// The maximum size in bytes of the schema that describes the calls of all tools.
    ///
    /// Servers compile it to a grammar, which takes long for many tools.
    private static let maximumFormatBytes = 64 << 10

    /// The names of the tools of which one must be called in each response, or nil if the model decides.
    var requiredNames: Set<String>? {
        switch configuration.toolChoice {
        case .auto, .none: nil
        case .required: Set(offered.map(\.name) + (ownTools.search?.isOn == true ? [ToolFinding.name] : []))
        case .tool(let name): [name]
        }
    }

    /// The tools of which one must be called.
    ///
    /// If the model searches for tools, and any is required, they are those that the next request offers.
    private var requiredTools: [OfferedTool] {
        guard let names = requiredNames else { return [] }
        var tools = offered
        if case .required = configuration.toolChoice {
            tools = ownTools.search?.offered(with: ownTools.offered) ?? tools
        }
        return tools.filter { names.contains($0.name) }
    }

    /// The tools of a request that must have a call in its reply.
    var requiredDefinitions: EncodedTools {
        if case .tool = configuration.toolChoice { EncodedTools(requiredTools.map(\.definition)) } else { definitions }
    }

    /// Checks that the required call is possible.
    ///
    /// - Throws: ``AgentError`` with the code ``AgentError/Code/noToolCall`` if the tool is not offered.
    func checkToolChoice() throws(AgentError) {
        guard requiredNames != nil, requiredTools.isEmpty else { return }
        if case .tool(let name) = configuration.toolChoice {
            throw AgentError(.noToolCall, message: "The model must call the tool \"\(name)\", which is not offered.")
        }
        throw AgentError(.noToolCall, message: "The model must call a tool, but no tools are offered.")
    }

    /// Requests a message with the call that ``AgentConfiguration/toolChoice`` requires.
    ///
    /// - Returns: A message with the call, or any message if the task was cancelled.
    /// - Throws: The error of the model, or ``AgentError`` if it does not call the tool.
    func forcedTurn(_ events: EventBuffer) async throws -> TurnAssembly {
        let turn = try await nextTurn(.forced, events)
        guard turn.isComplete, !Task.isCancelled else { return turn }
        let names = requiredNames ?? []
        if turn.calls.contains(where: { names.contains($0.name) }) {
            if configuration.format == nil, !turn.content.isEmpty { await events.send(.content(text: turn.content)) }
            await events.send(.turnFinished(metrics: turn.metrics))
            return turn
        }
        await events.send(.retrying(reason: "The model did not call \(requiredWords). Asking once more for the call."))
        await events.send(.turnFinished(metrics: turn.metrics))
        var reply = try await nextTurn(.call, events)
        guard reply.isComplete, !Task.isCancelled else {
            reply.replaceContent(with: nil)
            return reply
        }
        guard !reply.isTruncated, let call = call(in: reply.content) else {
            throw AgentError(.noToolCall, message: "The model was asked twice and did not call \(requiredWords).")
        }
        reply.replaceContent(with: call)
        return reply
    }

    private var requiredWords: String {
        if case .tool(let name) = configuration.toolChoice { "the tool \"\(name)\"" } else { "a tool" }
    }

    /// Returns the call that a reply in the format of ``callFormat`` describes.
    private func call(in text: String) -> OllamaToolCall? {
        // As many values as in a line of the stream, which holds the arguments of other calls.
        guard let reply = try? JSON(parsing: text, limits: JSONLimits(values: 1 << 18)), reply.object != nil else {
            return nil
        }
        if case .tool(let name) = configuration.toolChoice { return OllamaToolCall(name: name, arguments: reply) }
        guard let name = reply["name"]?.string, requiredNames?.contains(name) == true,
            let arguments = reply["arguments"], arguments.object != nil
        else { return nil }
        return OllamaToolCall(name: name, arguments: arguments)
    }

    /// The schema of the reply that becomes the call.
    var callFormat: JSON {
        let functions = requiredTools.compactMap { $0.definition["function"] }
        if case .tool = configuration.toolChoice { return functions.first?["parameters"] ?? ["type": "object"] }
        func form(_ names: [JSON], _ arguments: JSON) -> JSON {
            [
                "type": "object",
                "properties": ["name": ["type": "string", "enum": .array(names)], "arguments": arguments],
                "required": ["name", "arguments"],
            ]
        }
        let forms = functions.map { form([$0["name"] ?? ""], $0["parameters"] ?? ["type": "object"]) }
        if forms.count == 1 { return forms[0] }
        let exact: JSON = ["anyOf": .array(forms)]
        guard exact.byteCount(upTo: Self.maximumFormatBytes) > Self.maximumFormatBytes else { return exact }
        return form(functions.compactMap { $0["name"] }, ["type": "object"])
    }

    /// The text that asks for the call.
    ///
    /// It is sent once and is not part of the conversation. It has the definitions, because a request with a format
    /// offers no tools.
    var callInstruction: String {
        let functions = requiredTools.compactMap { $0.definition["function"] }
        if case .tool(let name) = configuration.toolChoice, let function = functions.first {
            return "Call the tool \"\(name)\" now. This is its definition:\n\(function.text())\n"
                + "Reply with its arguments as one JSON object and with nothing else."
        }
        return "Call one of these tools now:\n\(JSON.array(functions).text())\nReply with one JSON object and with "
            + "nothing else: {\"name\": the name of the tool, \"arguments\": an object with its arguments}."
    }
}
