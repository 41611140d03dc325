import ToolHost

extension ToolHost {
    /// Returns the error for a tool that is known and not offered, or for a plugin that offers no tools.
    ///
    /// - Returns: Nil for an unknown name.
    func error(forUnavailable name: String) -> CommandError? {
        unavailablePlugin(named: name).map { CommandError(name, unavailableIn: $0) }
    }

    /// Returns the error for the first of the tools that are known and not offered whose name matches.
    func error(forUnavailableTool matches: (String) -> Bool) -> CommandError? {
        unofferedNames.lazy.filter(matches).compactMap { self.error(forUnavailable: $0) }.first
    }

    /// The names of the known tools that no plugin offers.
    var unofferedNames: [String] {
        Set(plugins.flatMap(\.unofferedTools.keys)).filter { tool(named: $0) == nil }.sorted()
    }
}
