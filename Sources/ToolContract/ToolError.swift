/// An error that a tool throws, with a message for the model.
///
/// A thrown error is the result of its call: the model reads the message, and other calls are not affected.
///
/// ```swift
/// guard let note = notes[name] else {
///     throw ToolError.invalidArguments("name: there is no note \(name)")
/// }
/// ```
///
/// Two errors are equal if their code and message are.
public struct ToolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure, which decides the status of the call.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String, Sendable {
            case error, invalidArguments, cancelled
        }

        private let value: Value

        private init(_ value: Value) { self.value = value }

        /// The tool could not do what the call asks for.
        public static let error = Code(.error)
        /// The arguments are invalid.
        public static let invalidArguments = Code(.invalidArguments)
        /// The call stopped because the host cancelled it.
        public static let cancelled = Code(.cancelled)

        /// The name of the code, such as `invalidArguments`.
        public var description: String { value.rawValue }
    }

    /// The kind of failure.
    public let code: Code

    /// The text that the model reads: what went wrong, and what would be right.
    public let message: String

    /// The error that caused this one, or nil.
    ///
    /// The model does not see it.
    public let underlyingError: (any Error)?

    /// The message.
    public var description: String { message }

    private init(_ code: Code, _ message: String, _ underlyingError: (any Error)? = nil) {
        (self.code, self.message, self.underlyingError) = (code, message, underlyingError)
    }

    /// Creates the error of a tool that could not do what the call asks for.
    ///
    /// - Parameters:
    ///   - message: The failure, and the correction.
    ///   - underlyingError: The error that caused this one. The model does not see it.
    public static func error(_ message: String, underlyingError: (any Error)? = nil) -> ToolError {
        ToolError(.error, message, underlyingError)
    }

    /// Creates the error of a call with invalid arguments.
    ///
    /// - Parameters:
    ///   - message: The name of the argument and the expected value, such as `city: expected the name of a city`.
    ///   - underlyingError: The error that caused this one. The model does not see it.
    public static func invalidArguments(_ message: String, underlyingError: (any Error)? = nil) -> ToolError {
        ToolError(.invalidArguments, message, underlyingError)
    }

    /// The error of a call that stopped because the host cancelled it.
    public static let cancelled = ToolError(.cancelled, "The call was cancelled.")

    public static func == (left: ToolError, right: ToolError) -> Bool {
        left.code == right.code && left.message == right.message
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
    }
}
