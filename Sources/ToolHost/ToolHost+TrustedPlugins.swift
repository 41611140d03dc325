import Glibc
import ToolRuntime

extension ToolHost {
    /// Compares the records of the lock files with the current plugins.
    ///
    /// Loads the search path, as a host does, and the recorded files. A plugin has the state that a host of this
    /// configuration finds, wherever on the search path it is.
    ///
    /// - Returns: One element for each record; more for a plugin that was found more than once.
    /// - Throws: ``ToolHostError`` if a lock file cannot be used.
    public static func trustedPlugins(
        _ configuration: HostConfiguration
    ) async throws(ToolHostError) -> [TrustedPlugin] {
        let records = try configuration.authorization.trust.records()
        guard !records.isEmpty else { return [] }
        var configuration = configuration
        for record in records { configuration.searchPath.add(record.file) }
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        let reports = host.plugins
        let numbers = reports.map { number(of: $0.file) }
        return records.flatMap { record in
            let found = reports.filter { $0.access?.trustedHash == record.record.hash }
            guard found.isEmpty else { return found.map { record.plugin($0.file, .trusted, $0) } }
            // A file is listed once, under one of its names.
            guard let number = number(of: record.file), let index = numbers.firstIndex(of: number) else {
                return [record.plugin(record.file, .missing, nil)]
            }
            let report = reports[index]
            let state = if report.access == nil { TrustedPlugin.State.broken } else { TrustedPlugin.State.changed }
            return [record.plugin(report.file, state, report)]
        }
    }

    private static func number(of path: String) -> FileIdentity.Number? {
        var status = stat()
        return stat(path, &status) == 0 ? FileIdentity(status).number : nil
    }
}

extension TrustRecord {
    fileprivate func plugin(_ file: String, _ state: TrustedPlugin.State, _ report: PluginReport?) -> TrustedPlugin {
        let reason: String? =
            if state == .broken, case .broken(let error)? = report?.state { error.message } else { nil }
        return TrustedPlugin(
            record: record,
            file: file,
            isInstalled: isInstalled,
            state: state,
            reason: reason,
            changedKeys: state == .trusted ? report?.access?.changedKeys ?? [] : []
        )
    }
}
