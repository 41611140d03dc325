public import ToolJSON

/// An error about a value that a type cannot be read from, with its path, the expected value and the value found.
///
/// Thrown in a call, it is reported to the model as an invalid argument. Two errors are equal if their code, path and
/// message are.
public struct ToolValueError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String, Sendable {
            case missing, invalid
        }

        private let value: Value

        private init(_ value: Value) { self.value = value }

        /// A required value is missing.
        public static let missing = Code(.missing)
        /// A value has the wrong type, or is not one of the allowed values.
        public static let invalid = Code(.invalid)

        /// The name of the code, such as `missing`.
        public var description: String { value.rawValue }
    }

    /// The kind of failure.
    public var code: Code { found == nil ? .missing : .invalid }

    /// The path of the value within the arguments, such as `filters[0].name`; empty for the value itself.
    public private(set) var path = ""

    /// A description of the expected value, such as `an integer from 1 to 10`.
    public let expected: String

    /// The value that was found, or nil if it is missing.
    public let found: JSON?

    /// The error that caused this one, or nil.
    public let underlyingError: (any Error)?

    /// Creates an error about the value itself.
    ///
    /// The types that contain the value add its path with `inside`.
    ///
    /// - Parameters:
    ///   - expected: A description of the expected value, such as `an integer from 1 to 10`.
    ///   - found: The value that was found, or nil if it is missing.
    ///   - underlyingError: The error that caused this one.
    public init(expected: String, found: JSON?, underlyingError: (any Error)? = nil) {
        (self.expected, self.found, self.underlyingError) = (expected, found, underlyingError)
    }

    /// Returns the error with the path of the value within an object.
    ///
    /// - Parameter name: The name of the member that contains the value.
    public func inside(_ name: String) -> ToolValueError {
        inside(step: name)
    }

    /// Returns the error with the path of the value within an array.
    ///
    /// - Parameter index: The index of the element that contains the value.
    public func inside(_ index: Int) -> ToolValueError {
        inside(step: "[\(index)]")
    }

    private func inside(step: String) -> ToolValueError {
        var error = self
        error.path = step + (path.isEmpty || path.hasPrefix("[") ? "" : ".") + path
        return error
    }

    /// The text that the model reads: the path, the expected value and the beginning of the value that was found.
    public var message: String {
        let found = found.map { String($0.text().prefix(80)) } ?? "nothing"
        return (path.isEmpty ? "" : path + ": ") + "expected \(expected), got \(found)"
    }

    /// The message.
    public var description: String { message }

    public static func == (left: ToolValueError, right: ToolValueError) -> Bool {
        left.code == right.code && left.path == right.path && left.message == right.message
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(path)
        hasher.combine(message)
    }
}
