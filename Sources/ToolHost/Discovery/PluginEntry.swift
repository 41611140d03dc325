import ToolRuntime

/// A file of the search path, and the outcome of loading it.
struct PluginEntry: Sendable {
    let naming: PluginDiscovery.Naming
    var report: PluginReport
    var plugin: (any PluginInstance)?
    var grants: PluginGrants?
    var tools: [RegisteredTool] = []
    /// The names that stay reserved for its tools while it cannot offer them: no plugin of lower rank may use them.
    var reserved: [String] = []
    /// The reason why it cannot be used, where the fault is the plugin's own.
    var failure: PluginError?

    /// The hash of its manifest and schemas, where it was needed.
    var schemaHash: String?
    /// The summary of each registered tool, or nil where its schema describes no tool or has something odd about it.
    var soundTools: [ToolSummary?] = []
    /// True if the cache does not have all of this.
    var hasNews = false
}
