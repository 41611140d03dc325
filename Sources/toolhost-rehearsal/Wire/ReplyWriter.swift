import ToolJSON

/// A writer of replies in Ollama's protocol.
struct ReplyWriter {
    private static let maximumPieces = 200

    let reply: Reply
    let request: ChatRequest
    let createdAt: String
    let elapsed: Duration

    /// The chunks of a streamed reply, of which the last has `done`.
    var chunks: [JSON] {
        var chunks = pieces(reply.thinking ?? "").map { chunk(["content": "", "thinking": .string($0)]) }
        chunks += pieces(reply.content).map { chunk(["content": .string($0)]) }
        chunks += calls.map { chunk(["content": "", "tool_calls": [$0]]) }
        return chunks + [final(["content": ""])]
    }

    /// The reply as one object.
    var whole: JSON {
        var message: JSONObject = ["content": .string(reply.content)]
        if let thinking = reply.thinking { message["thinking"] = .string(thinking) }
        if !reply.calls.isEmpty { message["tool_calls"] = .array(calls) }
        return final(message)
    }

    private func chunk(_ message: JSONObject, isDone: Bool = false) -> JSON {
        let message = JSONObject([("role", "assistant")] + message.map { ($0.key, $0.value) })
        return [
            "model": .string(request.model), "created_at": .string(createdAt), "message": .object(message),
            "done": .bool(isDone),
        ]
    }

    private func final(_ message: JSONObject) -> JSON {
        guard case .object(var object) = chunk(message, isDone: true) else { return .null }
        let characters = request.messages.reduce(0) { $0 + $1.content.utf8.count }
        let output = reply.calls.reduce(reply.content.utf8.count + (reply.thinking?.utf8.count ?? 0)) {
            $0 + $1.name.utf8.count + JSON.object($1.arguments).bytes().count
        }
        let nanoseconds = max(1, elapsed / .nanoseconds(1))
        object["done_reason"] = .string(reply.doneReason)
        object["total_duration"] = .int(Int(nanoseconds))
        object["load_duration"] = 1
        // Four characters per token are the usual estimate.
        object["prompt_eval_count"] = .int(characters / 4 + 1)
        object["prompt_eval_duration"] = 1
        object["eval_count"] = .int(output / 4 + 1)
        object["eval_duration"] = .int(Int(nanoseconds))
        return .object(object)
    }

    private var calls: [JSON] {
        reply.calls.enumerated().map { index, call in
            [
                "id": .string(identifier(index, call)),
                "function": [
                    "index": .int(index), "name": .string(call.name), "arguments": .object(call.arguments),
                ],
            ]
        }
    }

    /// Returns the identifier of a call: the same for the same history, and different for the calls of one history.
    private func identifier(_ index: Int, _ call: ToolCall) -> String {
        // FNV-1a
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(request.messages.count) \(index) \(call.name)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        var text = "call_"
        for _ in 0..<8 {
            text.append(digits[Int(hash % 36)])
            hash /= 36
        }
        return text
    }

    /// Splits a text into words, or into groups of words if it is long.
    private func pieces(_ text: String) -> [String] {
        var words: [Substring] = []
        var start = text.startIndex
        while start < text.endIndex {
            let space = text[start...].firstIndex(of: " ").map { text.index(after: $0) } ?? text.endIndex
            words.append(text[start..<space])
            start = space
        }
        let stride = max(1, (words.count + Self.maximumPieces - 1) / Self.maximumPieces)
        return Swift.stride(from: 0, to: words.count, by: stride).map {
            words[$0..<min($0 + stride, words.count)].joined()
        }
    }
}
