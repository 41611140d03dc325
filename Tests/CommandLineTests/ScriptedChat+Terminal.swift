import TestSupport
import ToolJSON

extension ScriptedChat {
    /// The messages of each request for a response.
    var conversations: [[JSON]] {
        server.requests.filter { $0.path == "/api/chat" }.map { request in
            (try? request.json["messages"]?.array) ?? []
        }
    }

    /// The content of the last message of each request, which is that of the user or a result.
    var prompts: [String] { conversations.map { $0.last?["content"]?.string ?? "" } }

    /// The line of a stream with a piece of content or thinking.
    static func piece(content: String = "", thinking: String = "") -> String {
        let message: JSON = ["role": "assistant", "content": .string(content), "thinking": .string(thinking)]
        return (["message": message, "done": false] as JSON).text()
    }

    /// The last line of a stream.
    static let end = #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}"#

    /// Returns a reply with content that ends once a gate opens.
    static func text(_ text: String, endingAfter gate: ScriptedServer.Gate) -> ScriptedServer.Reply {
        ScriptedServer.Reply(steps: [
            .bytes(Array((piece(content: text) + "\n").utf8)), .wait(gate), .bytes(Array((end + "\n").utf8)),
        ])
    }

    /// Returns true if a model can continue the messages: each call is followed by its result, and a prompt is last.
    static func isComplete(_ messages: [JSON]) -> Bool {
        var open = 0
        for message in messages {
            if message["role"] == "tool" { open -= 1 } else if open != 0 { return false }
            open += message["tool_calls"]?.array?.count ?? 0
        }
        return open == 0 && messages.last?["role"] == "user"
    }
}
