import ToolRuntime

extension PluginEntry {
    /// Records the reason why it cannot be used, and the names that stay reserved for it.
    mutating func fail(_ error: PluginError, _ ledger: TrustLedger) {
        report.state = .broken(reason: error.message)
        report.failure = error.code
        failure = error
        if error.code == .lockedOut { report.remedies = [.trust] }
        if error.code == .quarantined { report.remedies = [.release] }
        let record = ledger.record(of: report.file)
        (reserved, trustDate) = (record?.tools ?? [], record?.date)
        keepNames(reserved)
    }

    /// Reads the manifest of its plugin; one that cannot be used leaves the names of the tools known.
    mutating func manifest(of plugin: any PluginInstance) throws(PluginError) -> PluginManifest {
        do {
            return try PluginManifest(plugin.registration.manifest, file: report.file)
        } catch {
            keepNames(plugin.registration.toolNames)
            throw error
        }
    }

    /// Records the names that a binding has which cannot be used.
    mutating func keepNamesOfBinding() {
        guard let names = Binding.Names(readingFileAt: report.file) else { return }
        if let name = names.plugin, Identifier.isPluginName(name) { report.name = name }
        keepNames(names.tools)
    }

    /// Records the names of tools that it has, or had when it could be used.
    mutating func keepNames(_ names: [String]) {
        for name in names where Identifier.isToolName(name) { report.unofferedTools[name] = "" }
        if naming == .file { reserved = report.unofferedTools.keys.sorted() }
    }
}
