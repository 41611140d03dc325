import ToolRuntime

extension PluginEntry {
    /// Records the reason why the plugin cannot be used, and the names that stay reserved for it.
    mutating func fail(_ error: PluginError, _ ledger: TrustLedger) {
        report.state = .broken(error)
        report.remedies = error.remedy.map { [$0] } ?? []
        failure = error
        let record = ledger.record(of: report.file)
        (reserved, trustDate) = (record?.tools ?? [], record?.date)
        addNames(reserved)
    }

    /// Reads the manifest of the plugin; if it is not valid, the names of the tools are recorded before the error is
    /// thrown.
    mutating func manifest(of plugin: any ToolSource) throws(PluginError) -> PluginManifest {
        do {
            return try PluginManifest(plugin.registration.manifest, file: report.file)
        } catch {
            addNames(plugin.registration.toolNames)
            throw error
        }
    }

    /// Records the names in a binding that cannot be used.
    mutating func addNamesOfBinding() {
        guard let names = Binding.Names(readingFileAt: report.file) else { return }
        if let name = names.plugin, Identifier.isPluginName(name) { report.name = name }
        addNames(names.tools)
    }

    /// Records the names of tools that the plugin has, or had when it could be used.
    mutating func addNames(_ names: [String]) {
        for name in names where Identifier.isToolName(name) { report.unofferedTools[name] = "" }
        if naming == .file { reserved = report.unofferedTools.keys.sorted() }
    }
}
