import ToolJSON

/// The tools that are offered: each name from at most one plugin, or from the program.
struct ToolRegistry: Sendable {
    private(set) var entries: [PluginEntry] = []
    private var program: [String: RegisteredTool] = [:]
    private(set) var tools: [String: RegisteredTool] = [:]

    /// Returns the tool of exactly that name.
    ///
    /// A dictionary treats the Kelvin sign as a K, and a rule of the user's policy does not.
    func tool(named name: String) -> RegisteredTool? {
        tools[name].flatMap { $0.name.hasSameBytes(as: name) ? $0 : nil }
    }

    /// Returns the plugin that has a tool of a name and does not offer it, or the plugin of that name that offers
    /// nothing.
    ///
    /// A tool takes precedence over a plugin.
    func unavailablePlugin(_ name: String) -> PluginEntry? {
        guard tool(named: name) == nil else { return nil }
        return owner(ofUnoffered: name)
            ?? entries.first { ![nil, .shadowed].contains($0.report.obstacle) && $0.report.isNamed(name) }
    }

    /// Returns the plugin that has a tool of a name and does not offer it: of several, the one with the best claim.
    func owner(ofUnoffered name: String) -> PluginEntry? {
        // The names of tools are ASCII, and a dictionary treats the Kelvin sign as a K.
        guard tool(named: name) == nil, Identifier.isToolName(name) else { return nil }
        return entries.filter { $0.report.unofferedTools[name] != nil }.max { $0.claim < $1.claim }
    }

    /// Replaces all plugins, and returns the former ones in the parameter.
    mutating func replacePlugins(_ entries: inout [PluginEntry]) {
        swap(&self.entries, &entries)
        settlePluginNames()
        settleToolNames()
        rebuild()
        noteSubstitutes()
    }

    /// Adds tools of the program, all or none.
    ///
    /// - Throws: ``ToolHostError/Code/nameTaken`` if another tool has the name of one, or two of them have the same name.
    mutating func add(_ new: [RegisteredTool]) throws(ToolHostError) {
        var extended = program
        for tool in new {
            guard tools[tool.name] == nil, extended.updateValue(tool, forKey: tool.name) == nil else {
                throw ToolHostError(
                    .nameTaken,
                    message: "There is a tool named \(tool.name) already; give this one another name."
                )
            }
        }
        program = extended
        rebuild()
    }

    private mutating func rebuild() {
        tools = program
        for index in entries.indices {
            for tool in entries[index].tools { tools[tool.name] = tool }
            entries[index].report.tools = entries[index].tools.map(\.name).sorted()
        }
    }

    /// Of the plugins that share a name, offers the one with the best claim; none if several have it.
    private mutating func settlePluginNames() {
        for (name, group) in Dictionary(grouping: entries.indices, by: { entries[$0].report.name }) {
            // A plugin that offers nothing takes no tool from another, unless the names of its tools are reserved.
            let group = group.filter {
                entries[$0].plugin != nil && !entries[$0].claimedTools.isEmpty && !entries[$0].isRenamed
            }
            guard let name, group.count > 1 else { continue }
            let leaders = leaders(of: group)
            for index in group where leaders != [index] {
                let (names, offersNone) = (entries[index].tools.map(\.name), entries[index].tools.isEmpty)
                entries[index].withdrawAll()
                guard !leaders.contains(index) else {
                    // Its report has a reason already.
                    if offersNone { continue }
                    let others = group.filter { $0 != index }.map { entries[$0].report.file }
                    entries[index].report.state = .contested(
                        reason: "The plugin name \(name) is claimed by \(others.joined(separator: " and ")) too, so "
                            + "neither is offered."
                    )
                    entries[index].report.add(.choose)
                    continue
                }
                let winner = entries[leaders[0]]
                entries[index].lose(to: winner)
                guard entries[index].naming == .installed else { continue }
                entries[leaders[0]].replace(names, entries[index].report.file)
            }
        }
    }

    /// Does the same for tools of one name in different plugins, and for the program's tools.
    private mutating func settleToolNames() {
        var claims: [String: [Int]] = [:]
        for index in entries.indices {
            for name in entries[index].claimedTools { claims[name, default: []].append(index) }
        }
        let contested = claims.filter { $0.value.count > 1 || program[$0.key] != nil }
        // The tools of installed samples that the user's own plugins replace, by sample and plugin.
        var replaced: [Int: [Int: [String]]] = [:]
        for (name, claimants) in contested.sorted(by: { $0.key < $1.key }) {
            let leaders = leaders(of: claimants)
            let winner = leaders.count == 1 ? leaders[0] : nil
            let isReserved = program[name] == nil && winner.map { !entries[$0].offers(name) } ?? false
            for index in claimants where index != winner || program[name] != nil {
                // It does not offer the tool anyway, and its report says why.
                guard entries[index].offers(name) else { continue }
                if let winner, !isReserved, program[name] == nil, entries[index].naming == .installed {
                    entries[index].withdraw(name, "It is offered from \(entries[winner].report.file).")
                    entries[winner].replace([name], entries[index].report.file)
                    replaced[index, default: [:]][winner, default: []].append(name)
                    continue
                }
                let others = claimants.filter { $0 != index }.map { entries[$0].report.file }
                let rival = program[name] != nil ? "the program itself" : others.joined(separator: " and ")
                let outcome =
                    isReserved
                    ? "it is not offered from here, although that one cannot offer it now"
                    : winner == nil
                        ? "neither offers it"
                        : "it is not offered from here"
                let sentence = "The tool name \(name) is claimed by \(rival) too, so \(outcome)."
                entries[index].withdraw(name, sentence)
                entries[index].report.problems.append(sentence)
                if winner == nil {
                    entries[index].report.isIncomplete = true
                    if program[name] == nil { entries[index].report.add(.choose) }
                }
            }
        }
        for (index, winners) in replaced {
            for (winner, names) in winners.sorted(by: { $0.key < $1.key }) {
                entries[index].noteReplacement(of: names, by: entries[winner])
            }
        }
    }

    /// Notes at each plugin that cannot be used which of its tools a plugin with a lesser claim offers in the meantime.
    private mutating func noteSubstitutes() {
        for index in entries.indices where [.withheld, .quarantined, .broken].contains(entries[index].report.obstacle) {
            var names: [String: [String]] = [:]
            for name in entries[index].report.unofferedTools.keys where tools[name] != nil {
                let substitute = entries.first { $0.offers(name) }
                guard let substitute, substitute.claim < entries[index].claim else { continue }
                names[substitute.report.file, default: []].append(name)
            }
            for (file, names) in names.sorted(by: { $0.key < $1.key }) {
                entries[index].noteOffer(of: names.sorted(), from: file, "because this plugin is not offered")
            }
        }
    }

    /// Returns the claimants with the best claim to a name.
    private func leaders(of claimants: [Int]) -> [Int] {
        let best = claimants.map { entries[$0].claim }.max()
        return claimants.filter { entries[$0].claim == best }
    }
}
