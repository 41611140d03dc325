/// The interpretation of the server's count of the tokens of a prompt.
///
/// A server drops the beginning of a prompt that is too long, and reports success. Ollama drops whole messages until the
/// others fit; if the last message alone is too long, it keeps one half of the window. The count is then that of the
/// rest. But a small count alone proves nothing: older servers do not count the tokens that they still have from the
/// request before. So a prompt counts as truncated only if it cannot fit into the window, if the count is exactly the
/// half of the window, or if this server is known to count whole prompts.
struct PromptReading: Sendable, Hashable {
    /// The meaning of a count.
    enum Verdict: Sendable, Hashable {
        /// The count is that of the whole prompt.
        case whole
        /// The count is that of a part of the prompt, and the model may have read all of it.
        case partial
        /// The server dropped the beginning of the prompt.
        case truncated
    }

    /// The server's count.
    var count: Int
    /// The size of the window in tokens, or nil if it is unknown.
    var window: Int?
    /// The count of an earlier prompt that is the beginning of this one, or 0 if there is none.
    ///
    /// Thoughts do not count: most templates omit them from later prompts.
    var beginning = 0
    /// The estimate of the text after that beginning.
    ///
    /// Images do not count: their cost differs too much.
    var added: Int
    /// True if the estimate is calibrated with an earlier count.
    var isCalibrated = false
    /// True if the server has counted a whole prompt whose beginning it had already read.
    var countsWholePrompts = false

    /// The number of tokens that the prompt has at least.
    ///
    /// Even with a calibrated estimate, one text can have half as many tokens as another one of the same length.
    private var minimum: Int {
        beginning > 0 ? beginning / 10 * 9 + added / 2 : isCalibrated ? added / 4 * 3 : added / 2
    }

    /// The meaning of the count.
    var verdict: Verdict {
        if let window, count <= window {
            if minimum > window { return .truncated }
            // The tokens that Ollama adds to the half are those at the start of each prompt.
            let half = window / 2
            if beginning + added > window, half...half + 8 ~= count { return .truncated }
        }
        // A server that counts only new tokens counts about as many as were added.
        let isSmall = beginning > 0 ? count < beginning / 4 * 3 : count < minimum
        if countsWholePrompts, beginning > 0, isSmall, count > 2 * added + 64 { return .truncated }
        return isSmall ? .partial : .whole
    }

    /// True if the count shows that the server counts tokens that it had already read.
    var showsWholeCount: Bool { beginning > 2 * added + 64 && count >= beginning }
}
