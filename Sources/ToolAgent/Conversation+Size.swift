import OllamaClient
import ToolHost
import ToolJSON

// A conversation stays in memory and is sent with each request, so its size has a limit.

extension Conversation {
    /// The maximum memory of all messages without their images, in bytes: far more than any model reads.
    private static let maximumSize = 32 << 20

    /// The maximum number of bytes of all images in results.
    private static let maximumImageBytes = 16 << 20

    /// Checks that the conversation can be sent.
    ///
    /// - Throws: ``AgentError`` if the conversation is too long.
    func checkSize() throws(AgentError) {
        guard size <= Self.maximumSize else {
            throw AgentError(
                .conversationTooLong,
                message: "The conversation is longer than \(Self.maximumSize) bytes.",
                remedy: .startNewConversation
            )
        }
    }

    /// Removes images of results until the others are few enough to be sent with each request.
    ///
    /// The largest are removed first, so that an ordinary image stays beside a huge one.
    mutating func removeImages() {
        while true {
            let sizes = messages.map { $0.role == .tool ? $0.imageBytes : 0 }
            guard sizes.reduce(0, +) > Self.maximumImageBytes,
                let largest = sizes.indices.max(by: { sizes[$0] < sizes[$1] })
            else { return }
            removeImages(at: largest)
        }
    }
}

extension ChatMessage {
    fileprivate var imageBytes: Int { images.reduce(0) { $0 + $1.count } }

    /// The approximate memory of the message without its images, in bytes.
    var footprint: Int {
        let calls = toolCalls.reduce(0) { $0 + $1.raw.footprint }
        return content.utf8.count + (thinking?.utf8.count ?? 0) + calls
    }
}
