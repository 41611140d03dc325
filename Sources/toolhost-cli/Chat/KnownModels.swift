import OllamaClient

/// Models whose capabilities are documented, for servers that do not say.
///
/// As documented for Ollama's cloud models on 2026-08-21.
enum KnownModels {
    private static let withTools: Set<String> = [
        "qwen3.5", "qwen3-coder-next", "qwen3-next", "gemma4", "glm-5", "glm-5.1", "deepseek-v3.2", "ministral-3",
        "devstral-small-2", "nemotron-3-super", "nemotron-3-nano", "kimi-k2.5", "minimax-m2.7",
    ]

    /// What a model can do, by the family that its name begins with; `nil` where nothing is documented.
    static func capabilities(of model: String) -> ModelCapabilities? {
        let name = model.split(separator: "/").last ?? ""
        let family = name.split(separator: ":").first.map(String.init) ?? ""
        return withTools.contains(family) ? ModelCapabilities(["completion", "tools"]) : nil
    }
}
