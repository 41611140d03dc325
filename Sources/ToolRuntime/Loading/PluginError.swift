/// Why a file is not a plugin that can be used.
package struct PluginError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is.
    package enum Code: String, Sendable, Hashable {
        case notFound, notTrusted, notLibrary, wrongArchitecture, notLoadable, notPlugin, wrongVersion, refused
        case timedOut, crashed, quarantined, notConfined, invalidManifest, invalidTool, invalidBinding
    }

    package let code: Code

    /// The file it is about.
    package let file: String

    /// What is wrong and what to do, in sentences.
    package let message: String

    package init(_ code: Code, file: String, _ message: String) {
        self.code = code
        self.file = file
        self.message = message
    }

    package var description: String { "\(file): \(message)" }
}
