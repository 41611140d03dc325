/// What an embedder decides for a host.
public struct HostConfiguration: Sendable {
    /// Receives the log lines of plugins: the plugin's file (empty for tools of the program), a severity from 0 (debug) to 3 (error), and the text.
    public typealias Log = @Sendable (_ file: String, _ level: Int, _ message: String) -> Void

    /// Receives a line that a plugin printed: the plugin's file, and the line without its line break.
    ///
    /// It is called on the thread that also receives the plugin's results, so it must not block for long.
    public typealias Output = @Sendable (_ file: String, _ line: String) -> Void

    /// Where plugins are looked for.
    ///
    /// Nowhere, unless said.
    public var searchPath: PluginSearchPath

    /// Where the code of plugins runs: in this process, unless said.
    public var isolation = PluginIsolation.inProcess

    /// Where it is kept what plugins registered, so that listing them again runs none of their code; nowhere, unless
    /// said.
    ///
    /// Only plugins that run in workers are cached.
    public var cacheFolder: String?

    /// Where it is kept which plugins died again and again; nowhere, unless said.
    public var stateFolder: String?

    /// The limits.
    ///
    /// A limit outside of its range takes the nearest value in it.
    public var limits = ToolLimits() {
        didSet { limits = limits.clamped }
    }

    /// The user's values of the plugins' configuration keys: plugin name, key, value.
    public var pluginValues: [String: [String: String]] = [:]

    /// Whom the user trusts with what.
    public var trust = TrustConfiguration()

    /// Decides which calls need the user's word; none, unless said.
    public var policy: GatePolicy?

    /// Asks the user; without one, what would be asked is denied.
    public var asker: GateAsker?

    /// Decides whether a call may run, after the policy.
    ///
    /// Everything may, unless said.
    public var gate: ToolGate = { _, _ in .allow }

    /// Where the log lines of plugins go.
    ///
    /// Nowhere, unless said.
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
