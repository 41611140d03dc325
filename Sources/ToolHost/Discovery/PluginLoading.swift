import ToolJSON
import ToolRuntime

/// A file of the search path, and what came of loading it.
struct PluginEntry: Sendable {
    let naming: PluginDiscovery.Naming
    var report: PluginReport
    var plugin: (any PluginInstance)?
    var grants: PluginGrants?
    var tools: [RegisteredTool] = []
    /// The names of the tools that it cannot offer now, and that nobody with a lesser claim may offer instead.
    var reserved: [String] = []
    /// Why it cannot be used, where the fault is the plugin's own.
    var failure: PluginError?
}

/// Loads the files of a search path side by side, each within its deadline.
struct PluginLoading: Sendable {
    let configuration: HostConfiguration

    private static let concurrency = 16

    /// Everything found, in the order of the search path.
    ///
    /// A file that is found twice counts once, where it comes first, and as if it were named as it is at best.
    ///
    /// - Throws: ``ConfigurationError`` where a lock file cannot be used.
    func entries() async throws(ConfigurationError) -> [PluginEntry] {
        let ledger = try TrustLedger(configuration.trust)
        let discovery = await onHostThread { [searchPath = configuration.searchPath] in PluginDiscovery(searchPath) }
        guard let discovery else { return [] }
        var entries = discovery.missing.map { path, reason in
            PluginEntry(naming: .folder, report: PluginReport(file: path, state: .broken(reason: reason)))
        }
        var seen: [[UInt64]: Int] = [:]
        var jobs: [(PluginDiscovery.Candidate, Result<PluginFile, PluginError>)] = []
        for candidate in discovery.candidates {
            let file = Result { () throws(PluginError) in try PluginFile(checking: candidate.path) }
            if case .success(let file) = file {
                if let first = seen[file.identity] {
                    jobs[first].0.naming = max(jobs[first].0.naming, candidate.naming)
                    continue
                }
                seen[file.identity] = jobs.count
            }
            jobs.append((candidate, file))
        }
        var cache = RegistryCache(folder: configuration.cacheFolder)
        let scan = PluginScan(configuration, cache)
        let loaded = await withTaskGroup(of: (Int, PluginEntry).self) { group in
            var results: [Int: PluginEntry] = [:]
            for (index, job) in jobs.enumerated() {
                if index >= Self.concurrency, let (done, entry) = await group.next() { results[done] = entry }
                group.addTask { (index, await entry(job.0, job.1, scan, ledger)) }
            }
            for await (done, entry) in group { results[done] = entry }
            return results
        }
        entries += jobs.indices.compactMap { loaded[$0] }
        for (index, job) in jobs.enumerated() {
            guard let entry = loaded[index], let file = try? job.1.get() else { continue }
            keep(entry, of: file, in: &cache)
        }
        // Where it cannot be written, the plugins are asked again.
        try? cache.save()
        return entries
    }

    /// Takes down what came of a plugin, where it was tried just now.
    private func keep(_ entry: PluginEntry, of file: PluginFile, in cache: inout RegistryCache) {
        guard case .workers(let workers) = configuration.isolation else { return }
        let conditions = RegistryCache.Conditions(configuration.limits.registration, workers.sandbox)
        if let plugin = entry.plugin {
            if cache.registration(of: file) == nil { cache.keep(plugin.registration, of: file) }
        } else if let failure = entry.failure, cache.failure(of: file, conditions) == nil {
            cache.keep(failure, conditions, of: file)
        }
    }

    private func entry(
        _ candidate: PluginDiscovery.Candidate,
        _ file: Result<PluginFile, PluginError>,
        _ scan: PluginScan,
        _ ledger: TrustLedger
    ) async -> PluginEntry {
        var entry = PluginEntry(
            naming: candidate.naming,
            report: PluginReport(file: candidate.path, state: .loaded)
        )
        do {
            let file = try file.get()
            try ledger.admit(file)
            let plugin = try await scan.plugin(file)
            let manifest = try PluginManifest(plugin.registration.manifest, file: candidate.path)
            entry.plugin = plugin
            entry.report.name = manifest.name
            entry.report.version = manifest.version
            entry.report.configurationKeys = manifest.configurationKeys
            entry.report.problems = manifest.warnings.map { "In its manifest, \($0)" }
            let declared = Set(manifest.configurationKeys)
            let values = configuration.pluginValues[manifest.name, default: [:]].filter { declared.contains($0.key) }
            let access = try ledger.access(
                of: file,
                manifest,
                plugin.registration,
                values,
                isNamed: candidate.naming != .none
            )
            let grants = PluginGrants(access, plugin, file, manifest, values, configuration.trust.file)
            entry.grants = grants
            entry.report.problems += access.leftOut
            // Where it lacks grants, the same word of the user's is missing.
            if !access.withheld.isEmpty, grants.lacking.isEmpty {
                entry.report.problems.append(access.withheldSentence(candidate.path))
            }
            readTools(of: plugin, manifest, into: &entry)
        } catch {
            entry.report.state = .broken(reason: error.message)
            entry.failure = error
            entry.reserved = ledger.tools(of: candidate.path)
        }
        return entry
    }

    private func readTools(of plugin: any PluginInstance, _ manifest: PluginManifest, into entry: inout PluginEntry) {
        let source = RegisteredTool.Source.plugin(
            name: manifest.name,
            version: manifest.version,
            file: entry.report.file
        )
        for index in plugin.registration.tools.indices {
            do {
                var (registered, warnings) = try RegisteredTool.reading(index, of: plugin, from: source)
                registered.grants = entry.grants
                entry.tools.append(registered)
                entry.report.problems += warnings.map { "In the schema of \(registered.name), \($0)" }
            } catch {
                entry.report.problems.append("Tool number \(index + 1) is not offered. \(error.sentence)")
            }
        }
        let counts = Dictionary(entry.tools.map { ($0.name, 1) }, uniquingKeysWith: +)
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) where count > 1 {
            entry.tools.removeAll { $0.name == name }
            entry.report.problems.append("It has \(count) tools named \(name), and none of them is offered.")
        }
        if let lacking = entry.grants?.lacking, !lacking.isEmpty, configuration.asker == nil, !entry.tools.isEmpty {
            entry.report.state = .ungranted(lacking)
            let access = entry.grants?.access
            if access?.isTrusted == true || access?.wasTrusted == true { entry.reserved = entry.tools.map(\.name) }
            entry.tools = []
        } else if entry.tools.isEmpty {
            entry.report.state = .broken(
                reason: (["None of its tools can be used."] + entry.report.problems).joined(separator: " ")
            )
            entry.report.problems = []
        }
    }
}
