/// The settings of a host.
public struct HostConfiguration: Sendable {
    /// Receives a log line of a plugin: the plugin's file (empty for tools of the program), a severity from 0 (debug) to 3
    /// (error), and the text.
    public typealias Log = @Sendable (_ file: String, _ level: Int, _ message: String) -> Void

    /// Receives a line that a plugin printed: the plugin's file, and the line without its line break.
    ///
    /// It is called on the thread that also receives the plugin's results, so it must not block for long.
    public typealias Output = @Sendable (_ file: String, _ line: String) -> Void

    /// The places that are searched for plugins; none by default.
    public var searchPath: PluginSearchPath

    /// The process in which the code of plugins runs; this one by default.
    public var isolation = PluginIsolation.inProcess

    /// The directory of the registration cache, or nil for no cache.
    ///
    /// With a cache, listing unchanged plugins runs none of their code. Only plugins that run in workers are cached.
    public var cacheDirectory: String?

    /// The directory of the record of plugins that died again and again, or nil for no record.
    public var stateDirectory: String?

    /// The limits.
    ///
    /// A limit outside of its range takes the nearest value in it.
    public var limits = ToolLimits() {
        didSet { limits = limits.clamped }
    }

    /// The user's values of the plugins' configuration keys: plugin name, key, value.
    public var pluginValues: [String: [String: String]] = [:]

    /// The plugins that the user trusts, and their grants.
    public var trust = TrustConfiguration()

    /// The policy that decides which calls the user is asked about, or nil to ask about none.
    public var policy: GatePolicy?

    /// Asks the user, or nil to deny the calls that the user would be asked about.
    public var asker: GateAsker?

    /// Decides whether a call may run, after the policy; by default each call may.
    public var gate: ToolGate = { _, _ in .allow }

    /// Receives the log lines of plugins; by default they are discarded.
    public var log: Log = { _, _, _ in }

    /// Receives the lines that plugins in worker processes write to their standard output and error, or nil to discard
    /// them.
    ///
    /// At most 200 lines a second of each process are passed on, of at most 2 KiB each; a note with the number of bytes
    /// takes the place of the others. What a plugin in this process prints goes to this process's own descriptors.
    public var output: Output?

    /// A configuration with the default limits.
    public init(searchPath: PluginSearchPath = PluginSearchPath()) {
        self.searchPath = searchPath
    }
}
