import OllamaClient
import ToolHost
import ToolJSON

// A conversation stays in memory and is sent with each request, so its size is bounded whatever tools and servers add.

extension Conversation {
    /// The maximum memory of all messages without their pictures, in bytes: far more than any model reads.
    private static let maximumSize = 32 << 20

    /// The maximum number of bytes of all pictures in results.
    private static let pictureBytes = 16 << 20

    /// Checks that the conversation can be sent.
    ///
    /// - Throws: ``AgentError`` if the conversation is too long.
    func checkSize() throws(AgentError) {
        let size = messages.reduce(0) { $0 + $1.footprint }
        guard size <= Self.maximumSize else {
            throw AgentError(
                .conversationTooLong,
                message: "The conversation is longer than \(Self.maximumSize) bytes. Start a new conversation."
            )
        }
    }

    /// Removes pictures of results until the others are few enough to be sent with each request.
    ///
    /// The largest are removed first, so that an ordinary picture stays beside a huge one.
    mutating func removePictures() {
        while true {
            let sizes = messages.map { $0.role == .tool ? $0.imageBytes : 0 }
            guard sizes.reduce(0, +) > Self.pictureBytes,
                let largest = sizes.indices.max(by: { sizes[$0] < sizes[$1] })
            else { return }
            removePictures(at: largest)
        }
    }
}

extension ChatMessage {
    fileprivate var imageBytes: Int { images.reduce(0) { $0 + $1.count } }

    /// The approximate memory of the message without its pictures, in bytes.
    fileprivate var footprint: Int {
        let calls = toolCalls.reduce(0) { $0 + $1.raw.footprint }
        return content.utf8.count + (thinking?.utf8.count ?? 0) + calls
    }
}
