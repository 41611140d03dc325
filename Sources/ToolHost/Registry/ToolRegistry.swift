import ToolJSON

/// The tools that are offered, each name from one plugin at most.
struct ToolRegistry: Sendable {
    private(set) var entries: [PluginEntry] = []
    private var program: [String: RegisteredTool] = [:]
    private(set) var tools: [String: RegisteredTool] = [:]

    /// The tool of exactly that name.
    ///
    /// A dictionary takes the Kelvin sign for a K, and a rule of the user's policy does not.
    func tool(named name: String) -> RegisteredTool? {
        tools[name].flatMap { $0.name.hasSameBytes(as: name) ? $0 : nil }
    }

    /// The plugin that has a tool of a name and does not offer it, or the plugin that bears the name and offers nothing.
    ///
    /// A tool comes before a plugin, and the better claim before the lesser one.
    func unavailablePlugin(_ name: String) -> PluginEntry? {
        guard tool(named: name) == nil else { return nil }
        // The names of tools are ASCII, and a dictionary takes the Kelvin sign for a K.
        let owners = Identifier.isToolName(name) ? entries.filter { $0.report.unofferedTools[name] != nil } : []
        if let owner = owners.max(by: { $0.claim < $1.claim }) { return owner }
        return entries.first { ![nil, .shadowed].contains($0.report.obstacle) && $0.report.isNamed(name) }
    }

    /// Puts plugins in the place of all so far, which the caller gets.
    mutating func replacePlugins(_ entries: inout [PluginEntry]) {
        swap(&self.entries, &entries)
        settlePluginNames()
        settleToolNames()
        rebuild()
    }

    /// Adds a tool of the program.
    mutating func add(_ tool: RegisteredTool) throws(ToolHostError) {
        guard tools[tool.name] == nil else {
            throw ToolHostError(message: "There is a tool named \(tool.name) already; give this one another name.")
        }
        program[tool.name] = tool
        rebuild()
    }

    private mutating func rebuild() {
        tools = program
        for index in entries.indices {
            for tool in entries[index].tools { tools[tool.name] = tool }
            entries[index].report.tools = entries[index].tools.map(\.name).sorted()
        }
    }

    /// Offers, of the plugins that share a name, the one with the best claim; none where several have it.
    private mutating func settlePluginNames() {
        for (name, group) in Dictionary(grouping: entries.indices, by: { entries[$0].report.name }) {
            // A plugin that offers nothing takes no tool from another, unless the names of its tools are reserved.
            let group = group.filter { entries[$0].plugin != nil && !entries[$0].claimedTools.isEmpty }
            guard let name, group.count > 1 else { continue }
            let leaders = leaders(of: group)
            for index in group where leaders != [index] {
                let (names, offersNone) = (entries[index].tools.map(\.name), entries[index].tools.isEmpty)
                entries[index].withdrawAll()
                guard !leaders.contains(index) else {
                    // Its report has the reason already.
                    if offersNone { continue }
                    let others = group.filter { $0 != index }.map { entries[$0].report.file }
                    entries[index].report.state = .broken(
                        reason: "The plugin name \(name) is claimed by \(others.joined(separator: " and ")) too, so "
                            + "neither is offered. Remove one, trust one, or name the right one with --plugins."
                    )
                    continue
                }
                let winner = entries[leaders[0]]
                entries[index].lose(to: winner)
                guard entries[index].naming == .installed else { continue }
                entries[leaders[0]].replace(names, entries[index].report.file)
            }
        }
    }

    /// Does the same for tools of one name in different plugins, and for those of the program.
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
                // It offers none already, and its report says why.
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
                        ? "neither offers it. Remove one, trust one, or name the right one with --plugins"
                        : "it is not offered from here"
                let sentence = "The tool name \(name) is claimed by \(rival) too, so \(outcome)."
                entries[index].withdraw(name, sentence)
                entries[index].report.problems.append(sentence)
                if winner == nil { entries[index].report.isIncomplete = true }
            }
        }
        for (index, winners) in replaced {
            for (winner, names) in winners.sorted(by: { $0.key < $1.key }) {
                entries[index].noteReplacement(of: names, by: entries[winner])
            }
        }
    }

    /// The claimants whose claim to a name counts most.
    private func leaders(of claimants: [Int]) -> [Int] {
        let best = claimants.map { entries[$0].claim }.max()
        return claimants.filter { entries[$0].claim == best }
    }
}

extension PluginEntry {
    /// The names that it offers, and those that are reserved for it.
    fileprivate var claimedTools: [String] { tools.isEmpty ? reserved : tools.map(\.name) }

    fileprivate func offers(_ name: String) -> Bool { tools.contains { $0.name == name } }

    /// The weight of its claim to a name: first a file that was named for this run, then a file that the user trusts, then
    /// the other files of a directory that was named, of the user's directories, and of the installation.
    ///
    /// An untrusted file cannot take a name from a trusted one, even in a directory that was named. Of two trusted files the
    /// one that was trusted later has the better claim, so that to trust a plugin never costs a tool. Trust gives an
    /// installed sample no better claim, because nobody but the installation may have granted it.
    fileprivate var claim: Int {
        let place = (naming > .none ? 2 : 0) + (naming == .installed ? 0 : 1)
        let rank = (naming == .file ? 8 : 0) + (isTrusted ? 4 : 0) + place
        // Dates in lock files are at most 1 << 40.
        return rank << 41 + (isTrusted ? trustDate ?? 0 : 0)
    }

    private var isTrusted: Bool {
        naming != .installed && (grants?.isTrusted == true || failure != nil && trustDate != nil)
    }

    /// Records that a plugin of the same name has the better claim to it.
    fileprivate mutating func lose(to winner: PluginEntry) {
        let rival = winner.report.file
        report.state = .shadowed(by: rival)
        report.problems = []
        let reason =
            winner.naming == .file && naming < .file
            ? "was itself named"
            : !isTrusted
                ? "is trusted"
                : winner.naming > naming ? "lies in a directory that was named" : "was trusted later"
        if naming == .installed {
            report.notes.append("Is not offered: \(rival) has the same plugin name. \(Self.precedence)")
        } else if naming > .none {
            let ways = naming == .file ? "it" : "its directory"
            let remedy =
                naming == .file
                ? "Trust it, or name it alone."
                : "To use this one, name the file itself: --plugins \(report.file.shellWord)"
            report.problems = [
                "Is not offered, though \(ways) was named: \(rival) has the same name and \(reason). \(remedy)"
            ]
        } else if isTrusted {
            report.notes.append("Is not offered: \(rival) has the same plugin name and \(reason).")
        }
    }

    /// Records that the tools of an installed sample are not offered because this plugin has others of the same names.
    fileprivate mutating func replace(_ names: [String], _ file: String) {
        for index in tools.indices where names.contains(tools[index].name) { tools[index].replacedFiles.append(file) }
    }

    fileprivate mutating func noteReplacement(of names: [String], by winner: PluginEntry) {
        let verb = names.count == 1 ? "is" : "are"
        report.notes.append(
            "\(names.joined(separator: ", ")) \(verb) offered from \(winner.report.file) instead. \(Self.precedence)"
        )
    }

    private static let precedence =
        "Your plugins come before the installed samples, which {\"samples\": false} in the configuration turns off."
}
