import OllamaClient
import ToolJSON

/// An estimate of the tokens of texts, which is calibrated with the counts of the server.
struct TokenEstimate: Sendable, Hashable {
    /// The number of bytes of one token: that of English text and JSON until the server has counted a prompt.
    private(set) var bytesPerToken = 4.0

    /// True once a count of the server determines ``bytesPerToken``.
    private(set) var isCalibrated = false

    /// The approximate cost of an image for vision models.
    static let tokensPerImage = 1_000

    /// The values that tokenizers reach: 1 for random characters, 6 for indented code.
    private static let plausible = 1.0...6.0

    /// The smallest count that is used: the fixed text of the model's template distorts smaller ones.
    private static let minimumCount = 200

    /// Returns the approximate number of tokens of a text.
    func tokens(bytes: Int) -> Int { Int(Double(bytes) / bytesPerToken) }

    /// Returns the approximate number of tokens of messages.
    func tokens(of messages: some Sequence<ChatMessage>) -> Int {
        var (bytes, images) = (0, 0)
        for message in messages {
            bytes += message.promptBytes
            images += message.images.count
        }
        return tokens(bytes: bytes) + images * Self.tokensPerImage
    }

    /// Adopts the ratio of a text without images that the server has counted.
    ///
    /// - Parameters:
    ///   - bytes: The length of the whole prompt.
    ///   - count: The server's count of its tokens. An implausible count is ignored.
    mutating func calibrate(bytes: Int, count: Int) {
        guard count >= Self.minimumCount else { return }
        let ratio = Double(bytes) / Double(count)
        guard Self.plausible.contains(ratio) else { return }
        (bytesPerToken, isCalibrated) = (ratio, true)
    }
}

extension ChatMessage {
    /// The approximate length of the message in the prompt, in bytes and without its images.
    var promptBytes: Int {
        let calls = toolCalls.reduce(0) { $0 + $1.name.utf8.count + ($1.arguments?.byteCount(upTo: .max) ?? 0) }
        return content.utf8.count + (thinking?.utf8.count ?? 0) + calls
    }
}
