import OllamaClient
import ToolAgent
import ToolJSON

/// The columns of a message.
struct MessageColumns {
    let role: String
    let content: String
    /// The calls as a JSON array, or an empty string.
    let calls: String
    /// The other members as a JSON object, or an empty string.
    let extra: String
    /// The names of the tools that are called, each of them once.
    let tools: Set<String>

    /// The maximum number of bytes of the images of a message.
    private static let maximumImageBytes = 8 << 20

    /// - Parameter includesImages: False to store a note instead of the images.
    init(_ message: ChatMessage, includesImages: Bool) {
        var message = message
        let imageBytes = message.images.reduce(0) { $0 + $1.count }
        if !message.images.isEmpty, !includesImages || imageBytes > Self.maximumImageBytes {
            message.images = []
            message.content += "\n[The images of this message are too large to be stored.]"
        }
        role = message.role.rawValue
        content = message.content
        tools = Set(message.toolCalls.map(\.name))
        message.content = ""
        var members = message.json.object ?? [:]
        calls = members["tool_calls"]?.text() ?? ""
        for name in ["role", "content", "tool_calls"] { members[name] = nil }
        members["outside_sources"] = message.sourcesJSON
        extra = members.isEmpty ? "" : JSON.object(members).text()
    }

    /// The approximate number of bytes.
    var bytes: Int { content.utf8.count + calls.utf8.count + extra.utf8.count }
}
