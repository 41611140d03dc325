/// An error that prevents the use of a pattern, or a search without a result.
struct PatternError: Error, Hashable {
    enum Reason {
        /// The pattern is not an ECMAScript regular expression.
        case syntax
        /// The pattern is valid, but PCRE2 cannot execute it.
        case unsupported
        /// The pattern or its search exceeds a limit.
        case limit
    }

    let reason: Reason

    /// The description of the error, a phrase without a full stop.
    let message: String
}
