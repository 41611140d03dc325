/// An error that describes why a file is not a plugin that can be used.
///
/// Two errors are equal if their code, file, message and remedy are.
public struct PluginError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error.
    ///
    /// More codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case notFound, notTrusted, notLibrary, wrongArchitecture, notLoadable, notPlugin, wrongVersion, refused
            case timedOut, crashed, quarantined, notConfined, invalidManifest, invalidTool, invalidBinding, lockedOut
            case missingLibrary
        }

        private let value: Value
        private init(_ value: Value) { self.value = value }

        /// The code with a name, or nil if there is none.
        package init?(rawValue: String) {
            guard let value = Value(rawValue: rawValue) else { return nil }
            self.value = value
        }

        package var rawValue: String { value.rawValue }

        public var description: String { value.rawValue }

        /// There is no file, or it cannot be read.
        public static let notFound = Code(.notFound)
        /// Other users could write or replace the file, or the file was replaced while it was loaded.
        public static let notTrusted = Code(.notTrusted)
        /// The file is not a shared library, or is damaged.
        public static let notLibrary = Code(.notLibrary)
        /// The file was built for another kind of processor.
        public static let wrongArchitecture = Code(.wrongArchitecture)
        /// The file cannot be loaded: a library or symbol is missing, or no process or thread can be started.
        public static let notLoadable = Code(.notLoadable)
        /// The file is a shared library without the entry point of a plugin.
        public static let notPlugin = Code(.notPlugin)
        /// The plugin was built for another version of the contract.
        public static let wrongVersion = Code(.wrongVersion)
        /// The plugin refused to register.
        public static let refused = Code(.refused)
        /// The plugin did not register within its deadline.
        public static let timedOut = Code(.timedOut)
        /// The plugin's process exited before the plugin had registered.
        public static let crashed = Code(.crashed)
        /// The plugin's processes crashed repeatedly, so the plugin is not run.
        public static let quarantined = Code(.quarantined)
        /// The kernel cannot confine the plugin as required.
        public static let notConfined = Code(.notConfined)
        /// The plugin's manifest is not valid.
        public static let invalidManifest = Code(.invalidManifest)
        /// A tool of the plugin is not valid, or none of its tools can be used.
        public static let invalidTool = Code(.invalidTool)
        /// The file is not a valid binding.
        public static let invalidBinding = Code(.invalidBinding)
        /// Only trusted plugins are loaded, and this one is not trusted.
        public static let lockedOut = Code(.lockedOut)
        /// The system lacks a library that the host needs to check the file.
        public static let missingLibrary = Code(.missingLibrary)
    }

    /// The kind of error.
    public let code: Code

    /// The path of the file.
    public let file: String

    /// The reason in sentences, without the file.
    public let message: String

    /// The error that caused this one, if there is one.
    public let underlyingError: (any Error)?

    /// The action that solves the problem, if the host knows one.
    public let remedy: Remedy?

    /// Creates an error.
    ///
    /// - Parameter remedy: The remedy, or nil for the one that the code implies, if any.
    package init(
        _ code: Code,
        file: String,
        _ message: String,
        underlyingError: (any Error)? = nil,
        remedy: Remedy? = nil
    ) {
        self.code = code
        self.file = file
        self.message = message
        self.underlyingError = underlyingError
        self.remedy = remedy ?? code.remedy(for: file)
    }

    public var description: String { "\(file): \(message)" }

    public static func == (left: PluginError, right: PluginError) -> Bool {
        (left.code, left.file, left.message, left.remedy) == (right.code, right.file, right.message, right.remedy)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(file)
        hasher.combine(message)
    }
}

extension PluginError.Code {
    /// The remedy that the code implies, or nil if it implies none.
    fileprivate func remedy(for file: String) -> Remedy? {
        switch self {
        case .lockedOut: .trust(file)
        case .quarantined: .release
        case .notConfined: .acceptPartialSandbox
        default: nil
        }
    }
}
