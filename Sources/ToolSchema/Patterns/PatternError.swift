/// Why a pattern cannot be used, or gave no answer for a text.
struct PatternError: Error, Hashable {
    enum Reason {
        /// The pattern is no ECMAScript regular expression.
        case syntax
        /// The pattern is one, but says what PCRE2 cannot run.
        case unsupported
        /// The pattern or its search is larger than we let it be.
        case limit
    }

    let reason: Reason

    /// What is wrong, a phrase without a full stop.
    let message: String
}
