public import Logging

/// The settings of a host.
///
/// The defaults are safe for plugins of unknown quality: each plugin runs in a separate, confined process, has only the
/// permissions that the user grants, and calls that could do harm need the user's confirmation.
///
/// ```swift
/// var configuration = HostConfiguration()
/// configuration.searchPath.add("/opt/tools")
/// configuration.logger = Logger(label: "tools")
/// ```
public struct HostConfiguration: Sendable {
    /// Receives a line that a plugin printed: the plugin's file, and the line without its line break.
    ///
    /// It is called on the thread that also receives the plugin's results, so it must not block for long.
    public typealias Output = @Sendable (_ file: String, _ line: String) -> Void

    /// The places that are searched for plugins; none by default.
    public var searchPath: PluginSearchPath

    /// The process in which the code of plugins runs; a confined worker process for each plugin by default.
    public var isolation = PluginIsolation.workers()

    /// The rules that decide which plugins load, what they may access and which calls run.
    public var authorization = Authorization()

    /// The limits.
    ///
    /// A limit outside of its range takes the nearest value in it.
    public var limits = ToolLimits() {
        didSet { limits = limits.clamped }
    }

    /// The user's values of the plugins' configuration keys: plugin name, key, value.
    public var pluginValues: [String: [String: String]] = [:]

    /// The settings for plugins in Python, or nil to ignore such files.
    ///
    /// They run only in worker processes.
    public var python: PythonConfiguration? = PythonConfiguration()

    /// The directory of the registration cache, or nil for no cache.
    ///
    /// With a cache, listing unchanged plugins runs none of their code. Only plugins that run in workers are cached.
    public var cacheDirectory: String?

    /// The directory of the record of plugins whose processes crashed repeatedly, or nil for no record.
    public var stateDirectory: String?

    /// The logger of the host and its plugins, or nil to discard log messages.
    ///
    /// A message of a plugin has the metadata `plugin`, the path of its file; a message of a tool of the program has
    /// none.
    public var logger: Logger?

    /// Receives the lines that plugins in worker processes write to their standard output and error, or nil to discard
    /// them.
    ///
    /// At most 200 lines a second of each process are passed on, of at most 2 KiB each; a note with the number of bytes
    /// replaces the others. What a plugin in this process prints goes to this process's own descriptors.
    public var output: Output?

    /// Creates a configuration with the defaults.
    public init(searchPath: PluginSearchPath = PluginSearchPath()) {
        self.searchPath = searchPath
    }
}
