import OllamaClient
import ToolJSON

/// A request in the short form of a recording: the parts that show whether a replay makes the same request.
struct RecordedRequest: Sendable, Hashable {
    let model: String
    /// The names of the offered tools.
    let tools: [String]
    /// The size of the context window in tokens, or nil if it is unknown.
    let contextLength: Int?
    /// The number of messages at the beginning that the request before this one had, too.
    let kept: Int
    /// The messages after these.
    let messages: [RecordedMessage]

    /// Creates the short form of a request.
    ///
    /// - Parameter previous: The messages of the request before this one.
    init(_ request: ChatRequest, after previous: [RecordedMessage]) {
        let messages = request.messages.map(RecordedMessage.init)
        model = request.model
        tools = request.tools.compactMap { $0["function"]?["name"]?.string }
        contextLength = request.options["num_ctx"]?.int(in: ServerRange.contextLength)
        kept = zip(previous, messages).prefix { $0 == $1 }.count
        self.messages = Array(messages[kept...])
    }

    /// Reads the short form; nil if it is not valid.
    init?(_ json: JSON) {
        guard let model = json["model"]?.string, let kept = json["kept"]?.int(in: 0...1 << 30),
            let names = json["tools"]?.array, let values = json["messages"]?.array
        else { return nil }
        (self.model, self.kept) = (model, kept)
        tools = names.compactMap(\.string)
        messages = values.compactMap { RecordedMessage($0) }
        contextLength = json["context_length"]?.int(in: ServerRange.contextLength)
        guard tools.count == names.count, messages.count == values.count else { return nil }
    }

    var json: JSON {
        var members: JSONObject = ["model": .string(model), "tools": .array(tools.map(JSON.string))]
        if let contextLength { members["context_length"] = .int(contextLength) }
        members["kept"] = .int(kept)
        members["messages"] = .array(messages.map(\.json))
        return .object(members)
    }

    /// Returns the difference from the request of a replay, as a sentence, or nil if the recorded reply fits it.
    func difference(from request: RecordedRequest) -> String? {
        func name(_ text: String) -> String { "\"\(text.prefix(80))\"" }
        if !model.hasSameBytes(as: request.model) {
            return "The recorded request is to the model \(name(model)), and this one to \(name(request.model))."
        }
        if tools.isEmpty != request.tools.isEmpty {
            return tools.isEmpty
                ? "The recorded request offers no tools, and this one does."
                : "The recorded request offers tools, and this one does not."
        }
        guard kept + messages.count == request.kept + request.messages.count else {
            let count = request.kept + request.messages.count
            return "The recorded request has \(kept + messages.count) messages, and this one \(count)."
        }
        // The last messages are compared: one may keep more than the other because of the agent's own wording.
        for (old, new) in zip(messages.reversed(), request.messages.reversed()) where !old.fits(new) {
            func words(_ message: RecordedMessage) -> String {
                message.tool.map { "a result of \(name($0))" } ?? "a message of the role \(name(message.role))"
            }
            return "The recorded request has \(words(old)), where this one has \(words(new))."
        }
        return nil
    }
}
