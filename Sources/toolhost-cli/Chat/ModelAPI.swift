import ArgumentParser

/// A protocol that a model server speaks: the values of `--api` and of the setting `api`.
enum ModelAPI: String, CaseIterable, Sendable, ExpressibleByArgument {
    /// Ollama's routes under `/api`.
    case ollama
    /// OpenAI's `/v1/chat/completions`, which llama.cpp's server, LM Studio and vLLM have.
    case openai
}
