import OllamaClient
import ToolJSON

/// Other names for tools that have the names of the built-in tools of gpt-oss.
///
/// gpt-oss calls a tool with such a name with raw code or with other arguments than the tool declares.
struct ToolAliases: Sendable, Equatable {
    private var aliases: [String: String] = [:]
    private var originals: [String: String] = [:]

    /// Creates no aliases.
    init() {}

    /// Creates aliases for the tools of a request and of the calls in its messages.
    init(for request: ChatRequest) {
        var names = request.tools.compactMap { $0[pointer: "/function/name"]?.string }
        for message in request.messages { names += message.toolCalls.map(\.name) }
        let known = Set(names)
        for name in names where Self.isReserved(name) && aliases[name] == nil {
            let words = "tool_" + String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
            var alias = words
            var number = 1
            while known.contains(alias) || originals[alias] != nil {
                number += 1
                alias = "\(words)_\(number)"
            }
            (aliases[name], originals[alias]) = (alias, name)
        }
    }

    private static func isReserved(_ name: String) -> Bool {
        ["python", "bash", "browser"].contains(name) || name.hasPrefix("browser.")
    }

    /// Replaces the names in the tools, the calls and the results of a request.
    func rename(_ request: inout ChatRequest) {
        guard !aliases.isEmpty else { return }
        request.tools = request.tools.map { tool in
            guard var members = tool.object, var function = members["function"]?.object,
                let alias = function["name"]?.string.flatMap({ aliases[$0] })
            else { return tool }
            function["name"] = .string(alias)
            members["function"] = .object(function)
            return .object(members)
        }
        request.messages = request.messages.map { message in
            var message = message
            for index in message.toolCalls.indices {
                if let alias = aliases[message.toolCalls[index].name] { message.toolCalls[index].name = alias }
            }
            if let alias = message.toolName.flatMap({ aliases[$0] }) { message.toolName = alias }
            return message
        }
    }

    /// Returns a piece of a reply whose calls have the names of the tools.
    func original(_ chunk: ChatChunk) -> ChatChunk {
        guard !originals.isEmpty, chunk.message.toolCalls.contains(where: { originals[$0.name] != nil }),
            var members = chunk.raw.object, var message = members["message"]?.object,
            let calls = message["tool_calls"]?.array
        else { return chunk }
        message["tool_calls"] = .array(calls.map(original))
        members["message"] = .object(message)
        return ChatChunk(.object(members), surplusCalls: chunk.surplusCalls)
    }

    private func original(_ call: JSON) -> JSON {
        guard var members = call.object, var function = members["function"]?.object,
            let name = function["name"]?.string.flatMap({ originals[$0] })
        else { return call }
        function["name"] = .string(name)
        members["function"] = .object(function)
        return .object(members)
    }
}
