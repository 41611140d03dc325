import ToolHost

extension CommandFailure {
    /// The failure for a name whose plugin offers nothing under it now: the state, the reason and the remedy.
    ///
    /// - Parameter name: The tool, or nil for the plugin as a whole.
    init(_ name: String?, unavailableIn plugin: PluginReport) {
        let tool = name.flatMap { name in plugin.unofferedTools[name].map { (name, reason: $0) } }
        let title = tool.map { TerminalLine("Tool \($0.0)", limit: 80) } ?? "The plugin"
        let ownReason = tool.flatMap { $0.reason.isEmpty ? nil : $0.reason }
        let (status, state): (ExitStatus, TerminalLine) =
            switch ownReason == nil ? plugin.obstacle : nil {
            case .withheld: (.denied, "is withheld")
            case .quarantined: (.pluginFailed, "cannot be called")
            case .broken: (.pluginFailed, "is broken")
            case .shadowed: (.unknownTool, "is not offered")
            case nil: (.pluginFailed, "is not offered")
            }
        let reason = TerminalLine(ownReason ?? plugin.obstacleSentence ?? "", limit: 2000)
        self.init(status, "\(title) \(state): \(plugin.file, limit: 300): \(reason) (see toolhost doctor)")
    }
}

extension PluginReport {
    /// The reasons why tools cannot be checked or tested that are faults of the plugin: sentences.
    var faults: [String] {
        switch obstacle {
        case .broken, .quarantined: [obstacleSentence ?? ""]
        case nil where isIncomplete: problems
        case .withheld, .shadowed, nil: []
        }
    }

    /// The reason why it offers no tools, with the remedy; `nil` if it is loaded.
    var obstacleSentence: String? {
        switch state {
        case .loaded: nil
        case .shadowed(let winner):
            (problems + notes).first
                ?? "\(winner) has the same plugin name. To use this one, name the file: --plugins \(file.shellWord)"
        case .ungranted(let lacking): ungrantedSentence(lacking)
        case .broken(let reason): reason
        }
    }
}

extension ToolHost {
    /// Finds the failure for a tool that is known and not offered, or for a plugin that offers no tools.
    ///
    /// - Returns: `nil` for a name of which nothing is known.
    func failure(forUnavailable name: String) -> CommandFailure? {
        unavailablePlugin(named: name).map { CommandFailure(name, unavailableIn: $0) }
    }

    /// Finds the failure for the first of the tools that are known and not offered whose name matches.
    func failure(forUnavailableTool matches: (String) -> Bool) -> CommandFailure? {
        let names = Set(plugins.flatMap(\.unofferedTools.keys)).sorted()
        return names.lazy.filter(matches).compactMap { self.failure(forUnavailable: $0) }.first
    }
}
