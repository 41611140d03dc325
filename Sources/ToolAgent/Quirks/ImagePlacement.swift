import OllamaClient

/// The place of the images of results in a request.
enum ImagePlacement: Sendable {
    /// In the results, which is the usual form.
    case inResults
    /// In a message of the user after the results of a message, for renderers that ignore images in results.
    case afterResults
    /// Nowhere: a note says that the model cannot read them.
    case withheld

    private static let note = "\n[This result has images, which this model cannot read.]"

    /// Returns messages with the images in their place.
    func placed(_ messages: [ChatMessage]) -> [ChatMessage] {
        guard self != .inResults, messages.contains(where: { $0.role == .tool && !$0.images.isEmpty }) else {
            return messages
        }
        var placed: [ChatMessage] = []
        var waiting = ChatMessage(role: .user)
        for message in messages {
            if message.role != .tool, !waiting.images.isEmpty {
                placed.append(waiting)
                waiting = ChatMessage(role: .user)
            }
            guard message.role == .tool, !message.images.isEmpty else {
                placed.append(message)
                continue
            }
            var result = message
            result.images = []
            if self == .withheld {
                result.content += Self.note
            } else {
                waiting.content += waiting.content.isEmpty ? "" : "\n"
                let count = message.images.count
                let words = count == 1 ? "The image" : "The \(count) images"
                waiting.content += "\(words) of the result of \(message.toolName ?? "a call")."
                waiting.images += message.images
            }
            placed.append(result)
        }
        if !waiting.images.isEmpty { placed.append(waiting) }
        return placed
    }
}
