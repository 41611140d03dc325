public import ToolRuntime

/// An error of the host: a file of the user or a setting cannot be used, or a tool cannot be registered.
///
/// Two errors are equal if their code, message and remedy are.
public struct ToolHostError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error.
    ///
    /// More codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case invalidConfiguration, inaccessibleFile, insecureFile, newerVersion, invalidTool, nameTaken
            case unknownPlugin, changedFile, missingLibrary
        }

        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// A value of the configuration, or the content of a configuration, policy or lock file, is not valid.
        public static let invalidConfiguration = Code(.invalidConfiguration)
        /// A file is absent, or cannot be read, locked or written.
        public static let inaccessibleFile = Code(.inaccessibleFile)
        /// Other users could write or replace a file.
        public static let insecureFile = Code(.insecureFile)
        /// A later version of this program wrote a file.
        public static let newerVersion = Code(.newerVersion)
        /// The description of a tool is not valid.
        public static let invalidTool = Code(.invalidTool)
        /// Another tool has the same name.
        public static let nameTaken = Code(.nameTaken)
        /// No loaded plugin has the file.
        public static let unknownPlugin = Code(.unknownPlugin)
        /// A plugin's file has changed since it was loaded.
        public static let changedFile = Code(.changedFile)
        /// The system lacks a library that the host needs.
        public static let missingLibrary = Code(.missingLibrary)
    }

    /// The kind of error.
    public let code: Code

    /// The reason in sentences, with the path of the file if it is about one.
    public let message: String

    /// The error that caused this one, if there is one.
    public let underlyingError: (any Error)?

    /// The action that solves the problem, if the host knows one.
    public let remedy: Remedy?

    public var description: String { message }

    /// Creates an error.
    public init(_ code: Code, message: String, underlyingError: (any Error)? = nil, remedy: Remedy? = nil) {
        self.code = code
        self.message = message
        self.underlyingError = underlyingError
        self.remedy = remedy
    }

    public static func == (left: ToolHostError, right: ToolHostError) -> Bool {
        (left.code, left.message, left.remedy) == (right.code, right.message, right.remedy)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
    }
}
