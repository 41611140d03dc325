import ToolRuntime

/// The reason why there is no interpreter for a Python file.
struct PythonError: Error, Sendable, Hashable {
    /// The reason in sentences.
    let message: String
    /// The action that solves the problem, if the host knows one.
    var remedy: Remedy?

    init(_ message: String, remedy: Remedy? = nil) { (self.message, self.remedy) = (message, remedy) }

    /// The error about a plugin's file.
    func of(_ file: String) -> PluginError { PluginError(.notLoadable, file: file, message, remedy: remedy) }
}
