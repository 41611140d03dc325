import ToolHost

extension CommandError {
    /// The failure for a name whose plugin offers nothing under it now: the state, the reason and the remedy.
    ///
    /// - Parameter name: The tool, or nil for the plugin as a whole.
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

extension PluginReport {
    /// The reasons why tools cannot be checked or tested that are faults of the plugin: sentences.
    var faults: [String] {
        switch obstacle {
        case .broken, .quarantined, .contested: [obstacleSentence ?? ""]
        case nil where isIncomplete: problems + remedySentences
        case .withheld, .shadowed, nil: []
        }
    }

    /// The reason why it offers no tools, with the remedy; `nil` if it is loaded.
    var obstacleSentence: String? {
        switch state {
        case .loaded: nil
        case .shadowed(let winner):
            withRemedies((problems + notes.map(\.sentence)).first ?? "\(winner) has the same plugin name.")
        case .ungranted(let lacking): ungrantedSentence(lacking)
        case .broken(let reason), .contested(let reason): withRemedies(reason)
        }
    }

    /// The actions that change what is offered, in the words of the command line.
    var remedySentences: [String] {
        let file = file.shellWord
        return Remedy.allCases.filter(remedies.contains).map { remedy in
            switch remedy {
            case .trust: "--locked refuses it. Trust it as it is now: toolhost trust \(file)"
            case .trustOrName: "Trust it: toolhost trust \(file) — or name it for one run: --plugins \(file)"
            case .release: "Replace the file, or let it be tried again: toolhost doctor --release"
            case .choose: "Remove one, trust one, or name the right one with --plugins."
            case .nameFile: "To use this one, name the file itself: --plugins \(file)"
            case .omitSamples: "{\"samples\": false} in the configuration turns the samples off."
            }
        }
    }

    /// A reason followed by the remedies.
    func withRemedies(_ reason: String) -> String { ([reason] + remedySentences).joined(separator: " ") }
}

extension ToolHost {
    /// Finds the failure for a tool that is known and not offered, or for a plugin that offers no tools.
    ///
    /// - Returns: `nil` for a name of which nothing is known.
    func failure(forUnavailable name: String) -> CommandError? {
        unavailablePlugin(named: name).map { CommandError(name, unavailableIn: $0) }
    }

    /// Finds the failure for the first of the tools that are known and not offered whose name matches.
    func failure(forUnavailableTool matches: (String) -> Bool) -> CommandError? {
        unofferedNames.lazy.filter(matches).compactMap { self.failure(forUnavailable: $0) }.first
    }

    /// The names of the tools that are known and that no plugin offers.
    var unofferedNames: [String] {
        Set(plugins.flatMap(\.unofferedTools.keys)).filter { tool(named: $0) == nil }.sorted()
    }
}
