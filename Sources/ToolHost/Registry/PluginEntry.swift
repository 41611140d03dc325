import ToolRuntime

/// A file of the search path, and the outcome of loading it.
struct PluginEntry: Sendable {
    /// The ways in which a file is found, the least explicit one first.
    enum Naming: Int, Sendable, Comparable {
        /// The file is in the directory of the installed samples.
        case installed
        /// The file is in another directory of the search path.
        case none
        /// The file is in a directory that the user named for this run.
        case directory
        /// The user named the file itself for this run.
        case file

        static func < (left: Naming, right: Naming) -> Bool { left.rawValue < right.rawValue }
    }

    let naming: Naming
    var report: PluginReport
    var plugin: (any ToolSource)?
    var grants: PluginGrants?
    var tools: [RegisteredTool] = []
    /// The names that stay reserved for its tools while it cannot offer them: no plugin of lower rank may use them.
    var reserved: [String] = []
    /// The date of the record that trusts its file, in seconds of the Unix epoch.
    ///
    /// The file may have changed since.
    var trustDate: Int?
    /// True if it has another plugin name than when it was trusted, and cannot be used: it has no claim to the name.
    var isRenamed = false
    /// The reason why it cannot be used, if the plugin itself is at fault.
    var failure: PluginError?

    /// The hash of its manifest and schemas, if it was needed.
    var schemaHash: String?
    /// The summary of each registered tool, or nil if its schema has an error or a warning.
    var soundTools: [ToolSummary?] = []
    /// True if the cache lacks some of this.
    var hasNews = false
}

extension PluginEntry {
    /// The report, with the changes since the plugin was loaded.
    var currentReport: PluginReport {
        var report = report
        report.problems += plugin?.incidents ?? []
        report.access = grants?.access
        report.sandbox = plugin?.sandbox
        return report
    }

    /// Withdraws a tool.
    ///
    /// - Parameter reason: A sentence; "" if the state of the plugin is the reason.
    mutating func withdraw(_ name: String, _ reason: String) {
        tools.removeAll { $0.name == name }
        report.unofferedTools[name] = reason
    }

    /// Withdraws all tools, because of the state of the plugin.
    mutating func withdrawAll() {
        for tool in tools { report.unofferedTools[tool.name] = "" }
        tools = []
    }

    /// Withdraws the tools whose name the plugin uses more than once.
    mutating func withdrawRepeatedNames() {
        guard tools.count > 1 else { return }
        let counts = Dictionary(tools.map { ($0.name, 1) }, uniquingKeysWith: +)
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) where count > 1 {
            let sentence = "It has \(count) tools named \(name), and none of them is offered."
            withdraw(name, sentence)
            report.problems.append(sentence)
            report.isIncomplete = true
        }
    }

    /// Returns the result of a call of one of its tools that are not offered, for the model, or nil if another plugin
    /// decides.
    ///
    /// The sentence has no path and no string of the plugin, because the model might follow it.
    ///
    /// - Parameter tool: A name among ``PluginReport/unofferedTools``, all of which have the form of a tool's name.
    func refusal(of tool: String) -> (status: ToolStatus, sentence: String)? {
        let obstacle = report.obstacle
        let reason: String
        switch obstacle {
        case .withheld: reason = "it is withheld, because the user has not granted what its plugin asks for"
        case .quarantined: reason = "its plugin is in quarantine, because its process died again and again"
        case .broken: reason = "its plugin is broken"
        case .contested: reason = "another plugin has the same name as its plugin"
        case nil: reason = "it is broken, or another plugin has a tool of the same name"
        case .shadowed: return nil
        }
        let sentence = "The tool \(tool) cannot be called: \(reason). Only the user can change that."
        return (obstacle?.status ?? .pluginFailed, sentence)
    }
}
