import OllamaClient

/// The documented capabilities of models, for servers that do not report them.
///
/// The source is the documentation of Ollama's cloud models on 2026-08-21.
enum KnownModels {
    private static let withTools: Set<String> = [
        "qwen3.5", "qwen3-coder-next", "qwen3-next", "gemma4", "glm-5", "glm-5.1", "deepseek-v3.2", "ministral-3",
        "devstral-small-2", "nemotron-3-super", "nemotron-3-nano", "kimi-k2.5", "minimax-m2.7",
    ]

    /// Returns the capabilities of a model by the family at the beginning of its name, or nil if none are documented.
    static func capabilities(of model: String) -> ModelCapabilities? {
        let name = model.split(separator: "/").last ?? ""
        let family = name.split(separator: ":").first.map(String.init) ?? ""
        return withTools.contains(family) ? ModelCapabilities(["completion", "tools"]) : nil
    }
}
