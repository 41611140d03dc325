import OllamaClient
import ToolJSON

/// The members of a request that come from the options of a model.
struct CompletionOptions: Sendable, Hashable {
    /// The members in the order of the options.
    let members: JSONObject

    /// Options of Ollama that a server of this protocol has from its start.
    private static let startOptions: Set<String> = [
        "num_ctx", "num_batch", "num_gpu", "main_gpu", "num_thread", "num_keep", "use_mmap",
    ]
    /// The members that a request has already.
    private static let reserved: Set<String> = ["model", "messages", "tools", "stream", "stream_options", "n"]

    /// Creates the members for options of Ollama's protocol.
    ///
    /// Options that both protocols have, such as `temperature` and `seed`, keep their names. So do options that only one
    /// server has, such as `top_k`.
    ///
    /// - Throws: `OllamaError` if an option would replace another member of the request.
    init(_ options: JSONObject) throws(OllamaError) {
        var members: JSONObject = [:]
        for (name, value) in options where !Self.startOptions.contains(name) {
            guard !Self.reserved.contains(name) else {
                throw OllamaError(
                    .invalidRequest,
                    message: "The model option \"\(name)\" cannot be set, because each request sets it."
                )
            }
            if name != "num_predict" {
                members[name] = value
            } else if options["max_tokens"] == nil, let count = value.int(in: 1...Int(Int32.max)) {
                // Negative numbers mean no limit in Ollama's protocol.
                members["max_tokens"] = .int(count)
            }
        }
        self.members = members
    }
}
