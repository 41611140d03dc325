import OllamaClient
import ToolJSON

/// A model that a server offers, from `/models`.
public struct OpenAIModel: Sendable, Hashable {
    /// The name for requests.
    public let name: String
    /// The size of the context window in tokens, or nil if the server does not report it.
    ///
    /// vLLM and the newer versions of llama.cpp's server report it.
    public let contextLength: Int?

    init?(_ json: JSON) {
        guard let name = json["id"]?.string, !name.isEmpty else { return nil }
        self.name = name
        // The size for which a model was trained, `n_ctx_train`, is not that of the window.
        contextLength =
            ["/max_model_len", "/context_length", "/context_window", "/meta/n_ctx"].lazy
            .compactMap { json[pointer: $0]?.int(in: ServerRange.contextLength) }.first
    }
}
