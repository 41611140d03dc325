import ToolJSON

/// Which tools are offered: each name once, whoever claims it.
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

    /// Of the plugins that share a name, the one with the best claim is offered; where several have it, none is.
    private mutating func settlePluginNames() {
        for (name, group) in Dictionary(grouping: entries.indices, by: { entries[$0].report.name }) {
            let group = group.filter { entries[$0].plugin != nil }
            guard let name, group.count > 1 else { continue }
            let leaders = leaders(of: group)
            for index in group where leaders != [index] {
                entries[index].tools = []
                if leaders.contains(index) {
                    let others = group.filter { $0 != index }.map { entries[$0].report.file }
                    entries[index].report.state = .broken(
                        reason: "The plugin name \(name) is claimed by \(others.joined(separator: " and ")) too, so "
                            + "neither is offered. Remove one, or name the right one with --plugins."
                    )
                    continue
                }
                let winner = entries[leaders[0]].report.file
                entries[index].report.state = .shadowed(by: winner)
                entries[index].report.problems = []
                if entries[index].naming != .none {
                    entries[index].report.problems = [entries[index].sentence(losingTo: entries[leaders[0]])]
                }
            }
        }
    }

    /// The same for tools of one name in different plugins, and for those that the program has.
    private mutating func settleToolNames() {
        var claims: [String: [Int]] = [:]
        for index in entries.indices {
            for tool in entries[index].tools { claims[tool.name, default: []].append(index) }
            for name in entries[index].reserved { claims[name, default: []].append(index) }
        }
        let contested = claims.filter { $0.value.count > 1 || program[$0.key] != nil }
        for (name, claimants) in contested.sorted(by: { $0.key < $1.key }) {
            let leaders = leaders(of: claimants)
            let winner = leaders.count == 1 ? leaders[0] : nil
            for index in claimants where index != winner || program[name] != nil {
                // It offers none already, and its report says why.
                if entries[index].reserved.contains(name) { continue }
                let others = claimants.filter { $0 != index }.map { entries[$0].report.file }
                let rival = program[name] != nil ? "the program itself" : others.joined(separator: " and ")
                let isReserved = winner.map { entries[$0].reserved.contains(name) } ?? false
                let outcome =
                    isReserved
                    ? "it is not offered from here, although that one, which is trusted, cannot offer it now"
                    : winner == nil ? "neither offers it" : "it is not offered from here"
                entries[index].tools.removeAll { $0.name == name }
                entries[index].report.problems.append(
                    "The tool name \(name) is claimed by \(rival) too, so \(outcome)."
                )
            }
        }
    }

    /// Those whose claim to a name counts most.
    private func leaders(of claimants: [Int]) -> [Int] {
        let best = claimants.map { entries[$0].claim }.max()
        return claimants.filter { entries[$0].claim == best }
    }
}

extension PluginEntry {
    /// How much its claim to a name counts.
    ///
    /// What the user trusts is not pushed out by what lies in a folder, not even in one that was named for this run;
    /// only a file that was named itself is meant for sure.
    fileprivate var claim: Int {
        (naming == .file ? 4 : 0) + (isTrusted ? 2 : 0) + (naming == .none ? 0 : 1)
    }

    // What was taken down with its file stays its own while the file cannot be used.
    private var isTrusted: Bool { grants?.isTrusted == true || failure != nil && !reserved.isEmpty }

    /// Why it is not offered although it was named.
    fileprivate func sentence(losingTo winner: PluginEntry) -> String {
        let (ways, rival) = (naming == .file ? "it" : "its folder", winner.report.file)
        let reason = winner.naming > naming ? "was itself named" : "is trusted"
        let remedy =
            naming == .file
            ? "Trust it, or name it alone."
            : "To use this one, name the file itself: --plugins \(report.file.shellWord)"
        return "Is not offered, though \(ways) was named: \(rival) has the same name and \(reason). \(remedy)"
    }
}
