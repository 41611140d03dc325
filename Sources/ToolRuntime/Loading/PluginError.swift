/// The reason why a file is not a plugin that can be used.
package struct PluginError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault.
    package enum Code: String, Sendable, Hashable {
        case notFound, notTrusted, notLibrary, wrongArchitecture, notLoadable, notPlugin, wrongVersion, refused
        case timedOut, crashed, quarantined, notConfined, invalidManifest, invalidTool, invalidBinding
        /// Only trusted plugins are loaded, and this is not one.
        case lockedOut
        /// The system lacks a library that the host needs in order to judge the file.
        case missingLibrary
    }

    package let code: Code

    /// The file that the error is about.
    package let file: String

    /// A description of what is wrong and what to do, in sentences.
    package let message: String

    package init(_ code: Code, file: String, _ message: String) {
        self.code = code
        self.file = file
        self.message = message
    }

    package var description: String { "\(file): \(message)" }
}
