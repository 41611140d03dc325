import ToolRuntime

/// The settings of a host that decide which plugins are loaded, and how.
struct LoadingSettings: Sendable {
    let searchPath: PluginSearchPath
    let isolation: PluginIsolation
    /// The directory of the registration cache, or nil for no cache.
    let cacheDirectory: String?
    /// The record of plugins that died repeatedly, or nil for no record.
    let quarantine: Quarantine?
    let limits: ToolLimits
    /// The user's values of the plugins' configuration keys: plugin name, key, value.
    let pluginValues: [String: [String: String]]
    /// The settings for Python files, or nil to ignore them.
    let python: PythonConfiguration?
    let trust: TrustConfiguration
    /// True to offer the tools of plugins that lack permissions, so that their calls ask for them.
    let offersUngrantedTools: Bool
    /// Returns the receiver of the log messages of the plugin in a file.
    let log: @Sendable (_ file: String) -> PluginContext.Log
    /// Receives the lines that plugins in workers print: the plugin's file and the line; nil to discard them.
    let output: (@Sendable (_ file: String, _ line: String) -> Void)?
}
