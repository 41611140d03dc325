/// An error that the parser throws for a text that is not JSON or exceeds a limit.
///
/// It has no underlying error, because no other component is involved, and no remedy, because only the text's author
/// can correct it.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of error.
    ///
    /// More may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case invalidSyntax, invalidString, limitExceeded
        }

        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// The text violates the grammar of RFC 8259.
        public static let invalidSyntax = Code(.invalidSyntax)
        /// A string is not valid UTF-8, or contains an escaped lone surrogate.
        public static let invalidString = Code(.invalidString)
        /// The text exceeds one of the ``JSONLimits``.
        public static let limitExceeded = Code(.limitExceeded)
    }

    /// The kind of error.
    public let code: Code

    /// The description of the error: a phrase without a full stop, so that it can be part of a sentence.
    public let message: String

    /// The offset of the first invalid byte, from the start of the text.
    public let offset: Int

    init(_ code: Code, _ message: String, at offset: Int) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    public var description: String { "\(message) at byte \(offset)" }
}
