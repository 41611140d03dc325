/// The reason why a schema describes no tool.
struct ToolDefinitionError: Error {
    /// The reason as a sentence.
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
