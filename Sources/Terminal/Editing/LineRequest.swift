/// The description of a line to read.
package struct LineRequest: Sendable {
    /// The kind of a line.
    package enum Kind: Sendable {
        /// A prompt: keys that were typed ahead belong to it.
        case prompt
        /// The answer to a question: only keys that were typed after the prompt was drawn count, and pastes do not.
        case answer
    }

    /// The prompt: text of the program, whose only escape sequences are styles.
    package var prompt: String
    package var kind: Kind
    /// Returns the words for the text before the cursor; called on the thread of the editor, and must be fast.
    package var completion: (@Sendable (String) -> Completion)?

    package init(
        _ prompt: String,
        _ kind: Kind = .prompt,
        completion: (@Sendable (String) -> Completion)? = nil
    ) {
        self.prompt = prompt
        self.kind = kind
        self.completion = completion
    }
}
