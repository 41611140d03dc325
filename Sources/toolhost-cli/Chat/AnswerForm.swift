/// The form in which a chat prints the answer.
///
/// Without one, the answer is rendered on a terminal, and is as the model wrote it in a pipe or file.
enum AnswerForm: String, CaseIterable {
    /// Rendered text without marks of Markdown, in a pipe or file as well.
    case text
    /// The text as the model wrote it.
    case markdown
    /// The events of the chat as JSON lines.
    case json
}
