import ToolHost

extension CommandError {
    /// The error for a plugin that does not offer a tool: the state, the reason and the remedy.
    ///
    /// - Parameter name: The name of the tool, or nil for the plugin as a whole.
    init(_ name: String?, unavailableIn plugin: PluginReport) {
        let tool = name.flatMap { name in plugin.unofferedTools[name].map { (name, reason: $0) } }
        let title = tool.map { TerminalLine("Tool \($0.0)", limit: 80) } ?? "The plugin"
        let ownReason = tool.flatMap { $0.reason.isEmpty ? nil : $0.reason }
        let obstacle = ownReason == nil ? plugin.obstacle : nil
        let state: TerminalLine =
            switch obstacle {
            case .withheld: "is withheld"
            case .quarantined: "cannot be called"
            case .broken: "is broken"
            case .contested, .shadowed, nil: "is not offered"
            }
        let reason = TerminalLine(ownReason.map(plugin.withRemedies) ?? plugin.obstacleSentence ?? "", limit: 2000)
        self.init(
            ExitStatus(obstacle?.status ?? .pluginFailed),
            "\(title) \(state): \(plugin.file, limit: 300): \(reason) (see toolhost doctor)"
        )
    }
}
