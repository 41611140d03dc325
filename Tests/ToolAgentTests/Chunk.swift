import ToolJSON

/// The lines of a stream in Ollama's format.
enum Chunk {
    static func thinking(_ text: String) -> String { line(["thinking": .string(text)]) }

    static func content(_ text: String) -> String { line(["content": .string(text)]) }

    static func calls(_ calls: JSON...) -> String { line(["tool_calls": .array(calls)]) }

    /// Returns the last line, which may have content, too.
    static func done(_ reason: String = "stop", _ message: JSONObject = [:], counts: JSONObject = [:]) -> String {
        var extra = counts
        extra["done_reason"] = .string(reason)
        return line(message, done: true, extra)
    }

    /// Returns one call with the keys that servers send.
    static func call(_ name: String, _ arguments: JSON = [:], id: String? = nil, index: Int = 0) -> JSON {
        var call: JSONObject = [:]
        if let id { call["id"] = .string(id) }
        call["function"] = ["index": .int(index), "name": .string(name), "arguments": arguments]
        return .object(call)
    }

    private static func line(_ message: JSONObject, done: Bool = false, _ extra: JSONObject = [:]) -> String {
        var whole: JSONObject = ["role": "assistant", "content": ""]
        for (key, value) in message { whole[key] = value }
        var line: JSONObject = ["model": "qwen3", "created_at": "2025-01-01T00:00:00Z", "message": .object(whole)]
        line["done"] = .bool(done)
        for (key, value) in extra { line[key] = value }
        return JSON.object(line).text()
    }
}
