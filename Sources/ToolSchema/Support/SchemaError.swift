/// An error in a schema that prevents its compilation.
///
/// It has no remedy for a program: the author of the schema must correct it. ``message`` describes the correction.
///
/// Two errors are equal if their code, location and message are.
public struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of error.
    ///
    /// More may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case invalidSchema, invalidPattern, unsupportedDialect, unresolvedReference, circularReference
            case duplicateIdentifier, limitExceeded
        }

        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// A schema or the value of a keyword has a form that the draft does not allow.
        public static let invalidSchema = Code(.invalidSchema)
        /// A regular expression is invalid or not supported.
        public static let invalidPattern = Code(.invalidPattern)
        /// `$schema` names an unknown draft, or a metaschema that requires an unknown vocabulary.
        public static let unsupportedDialect = Code(.unsupportedDialect)
        /// A reference points to a place that does not exist, or to a document that is not registered.
        public static let unresolvedReference = Code(.unresolvedReference)
        /// A schema refers to itself for the same value.
        public static let circularReference = Code(.circularReference)
        /// An identifier or an anchor is used twice.
        public static let duplicateIdentifier = Code(.duplicateIdentifier)
        /// The schema is too large, or takes too much work to compile.
        public static let limitExceeded = Code(.limitExceeded)
    }

    /// The kind of error.
    public let code: Code

    /// The place of the error: a JSON pointer into the schema.
    ///
    /// In another document, the pointer follows the URI of that document.
    public let location: String

    /// The description of the error and its correction, in sentences.
    public let message: String

    /// The error of the regular expression for ``Code/invalidPattern``, and otherwise nil.
    public let underlyingError: (any Error)?

    init(_ code: Code, at location: String, _ message: String, underlyingError: (any Error)? = nil) {
        self.code = code
        self.location = location
        self.message = message
        self.underlyingError = underlyingError
    }

    public var description: String {
        location.isEmpty ? message : "At \(location): \(message)"
    }

    public static func == (left: SchemaError, right: SchemaError) -> Bool {
        left.code == right.code && left.location == right.location && left.message == right.message
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(location)
        hasher.combine(message)
    }
}
