import OllamaClient
import ToolJSON

/// The properties of a model on which the form of its requests depends, as its details show them.
struct ModelTraits: Sendable, Equatable {
    /// True if the model reads OpenAI's harmony format, as gpt-oss does.
    let isHarmony: Bool
    /// True if the model writes thoughts, also if the server does not list the capability.
    let writesThoughts: Bool
    /// The place of the images of results.
    let images: ImagePlacement

    /// The beginnings of the names of renderers that place images of results.
    private static let imageRenderers = ["qwen3-vl", "qwen3.5", "qwen3.6", "qwen3.8", "gemma4"]

    /// Reads the details of a model.
    init(_ details: ModelDetails) {
        let template = details.raw["template"]?.string ?? ""
        var families = [
            details.raw[pointer: "/details/family"], details.raw[pointer: "/model_info/general.architecture"],
        ]
        families += details.raw[pointer: "/details/families"]?.array ?? []
        let hasHarmonyFamily = families.compactMap { $0?.string }.contains { ["gptoss", "gpt-oss"].contains($0) }
        let hasHarmonyTemplate = template.contains("<|start|>") && template.contains("<|channel|>")
        isHarmony = hasHarmonyFamily || hasHarmonyTemplate || details.raw["parser"]?.string == "harmony"
        writesThoughts = isHarmony || template.contains("<think>") || template.contains("<|channel>thought")
        let renderer = details.raw["renderer"]?.string ?? ""
        if let capabilities = details.capabilities, !capabilities.vision {
            images = .withheld
        } else if details.capabilities != nil, !renderer.isEmpty,
            !Self.imageRenderers.contains(where: renderer.hasPrefix)
        {
            images = .afterResults
        } else {
            images = .inResults
        }
    }
}
