/// Which tools are offered: each name once, whoever claims it.
struct ToolRegistry: Sendable {
    private(set) var entries: [PluginEntry] = []
    private var program: [String: RegisteredTool] = [:]
    private(set) var tools: [String: RegisteredTool] = [:]

    /// Takes the place of all plugins so far.
    mutating func replacePlugins(_ entries: [PluginEntry]) {
        self.entries = entries
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

    /// Of the plugins that share a name, the one named for this run wins; otherwise none is offered.
    private mutating func settlePluginNames() {
        for (name, group) in Dictionary(grouping: entries.indices, by: { entries[$0].report.name }) {
            let group = group.filter { entries[$0].plugin != nil }
            guard let name, group.count > 1 else { continue }
            let explicit = group.filter { entries[$0].isExplicit }
            for index in group {
                if explicit.count == 1 {
                    guard index != explicit[0] else { continue }
                    entries[index].report.state = .shadowed(by: entries[explicit[0]].report.file)
                } else if explicit.isEmpty || entries[index].isExplicit {
                    let others = group.filter { $0 != index }.map { entries[$0].report.file }
                    entries[index].report.state = .broken(
                        reason: "The plugin name \(name) is claimed by \(others.joined(separator: " and ")) too, so "
                            + "neither is offered. Remove one, or name the right one with --plugins."
                    )
                } else {
                    entries[index].report.state = .shadowed(by: entries[explicit[0]].report.file)
                }
                entries[index].tools = []
            }
        }
    }

    /// The same for tools of one name in different plugins, and for those that the program has.
    private mutating func settleToolNames() {
        var claims: [String: [Int]] = [:]
        for index in entries.indices {
            for tool in entries[index].tools { claims[tool.name, default: []].append(index) }
        }
        for (name, claimants) in claims.sorted(by: { $0.key < $1.key }) {
            let explicit = claimants.filter { entries[$0].isExplicit }
            let winner = claimants.count == 1 ? claimants[0] : explicit.count == 1 ? explicit[0] : nil
            for index in claimants where index != winner || program[name] != nil {
                let others = claimants.filter { $0 != index }.map { entries[$0].report.file }
                let rival = program[name] != nil ? "the program itself" : others.joined(separator: " and ")
                let outcome = winner == nil ? "neither offers it" : "it is not offered from here"
                entries[index].tools.removeAll { $0.name == name }
                entries[index].report.problems.append(
                    "The tool name \(name) is claimed by \(rival) too, so \(outcome)."
                )
            }
        }
    }
}
