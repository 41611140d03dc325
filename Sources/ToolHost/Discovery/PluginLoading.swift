import ToolJSON
import ToolRuntime

/// Loads the files of a search path: those that are known at once, the others side by side, each within its deadline.
struct PluginLoading: Sendable {
    let configuration: HostConfiguration

    private static let concurrency = 16

    /// Everything found, in the order of the search path.
    ///
    /// - Throws: ``ConfigurationError`` where a lock file cannot be used.
    func entries() async throws(ConfigurationError) -> [PluginEntry] {
        let ledger = try TrustLedger(configuration.trust)
        let discovery = PluginDiscovery(configuration.searchPath)
        var cache = PluginCache(directory: configuration.cacheFolder)
        // A plugin that is loaded into this process needs all that its file says, so every file is read.
        let isKept = if case .workers = configuration.isolation { true } else { false }
        let candidates = PluginCandidate.all(discovery.candidates, isKept ? cache : nil)
        let scan = PluginScan(configuration, cache.hashes)
        let made = candidates.map { knownEntry($0, scan, ledger, cache.hashes) }
        let loaded = await entries(candidates, made, scan, ledger, cache.hashes)
        if isKept {
            let conditions = conditions
            var times = ChangeTimes()
            for (candidate, entry) in zip(candidates, loaded) {
                guard let news = candidate.news(entry, conditions, &times) else { continue }
                cache.keep(news.entry, at: news.path)
            }
        }
        // Where it cannot be written, the plugins are looked at again.
        try? cache.save()
        return discovery.missing.map { path, reason in
            PluginEntry(naming: .folder, report: PluginReport(file: path, state: .broken(reason: reason)))
        } + loaded
    }

    private var conditions: PluginCache.Conditions {
        guard case .workers(let workers) = configuration.isolation else { return .init(.zero, .off) }
        return PluginCache.Conditions(configuration.limits.registration, workers.sandbox)
    }

    /// The entries of all candidates, of which some are made already.
    private func entries(
        _ candidates: [PluginCandidate],
        _ made: [PluginEntry?],
        _ scan: PluginScan,
        _ ledger: TrustLedger,
        _ hashes: KnownHashes
    ) async -> [PluginEntry] {
        var entries = made
        let open = candidates.indices.filter { made[$0] == nil }
        if !open.isEmpty {
            let loaded = await withTaskGroup(of: (Int, PluginEntry).self) { group in
                var results: [Int: PluginEntry] = [:]
                for (count, index) in open.enumerated() {
                    if count >= Self.concurrency, let (done, entry) = await group.next() { results[done] = entry }
                    group.addTask { (index, await entry(candidates[index], scan, ledger, hashes)) }
                }
                for await (done, entry) in group { results[done] = entry }
                return results
            }
            for index in open { entries[index] = loaded[index] }
        }
        return entries.compactMap(\.self)
    }

    // MARK: - One plugin

    /// The entry of a plugin of which everything is known, made without waiting and without reading a file.
    private func knownEntry(
        _ candidate: PluginCandidate,
        _ scan: PluginScan,
        _ ledger: TrustLedger,
        _ hashes: KnownHashes
    ) -> PluginEntry? {
        var entry = PluginEntry(candidate)
        do throws(PluginError) {
            let file = try candidate.file.get()
            guard !ledger.isLocked, let plugin = try scan.knownPlugin(file, candidate.known) else { return nil }
            let manifest = try PluginManifest(plugin.registration.manifest, file: candidate.path)
            guard !ledger.needsHash(of: manifest.name) || hashes.cover(file) else { return nil }
            try finish(&entry, candidate, file, plugin, manifest, nil, ledger, hashes)
        } catch {
            entry.fail(error, ledger)
        }
        return entry
    }

    private func entry(
        _ candidate: PluginCandidate,
        _ scan: PluginScan,
        _ ledger: TrustLedger,
        _ hashes: KnownHashes
    ) async -> PluginEntry {
        var entry = PluginEntry(candidate)
        do throws(PluginError) {
            let file = try candidate.file.get()
            let hash = try ledger.admit(file)
            let plugin = try await scan.plugin(file, candidate.known)
            let manifest = try PluginManifest(plugin.registration.manifest, file: candidate.path)
            try finish(&entry, candidate, file, plugin, manifest, hash, ledger, hashes)
        } catch {
            entry.fail(error, ledger)
        }
        return entry
    }

    private func finish(
        _ entry: inout PluginEntry,
        _ candidate: PluginCandidate,
        _ file: PluginFile,
        _ plugin: any PluginInstance,
        _ manifest: PluginManifest,
        _ hash: String?,
        _ ledger: TrustLedger,
        _ hashes: KnownHashes
    ) throws(PluginError) {
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
            hash,
            &entry.schemaHash,
            hashes,
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
    }

    private func readTools(of plugin: any PluginInstance, _ manifest: PluginManifest, into entry: inout PluginEntry) {
        let source = RegisteredTool.Source.plugin(
            name: manifest.name,
            version: manifest.version,
            file: entry.report.file
        )
        let known = entry.soundTools
        let tools = plugin.registration.tools
        entry.soundTools = []
        for index in tools.indices {
            do {
                let isSound = known.count == tools.count && known[index]
                var (registered, warnings) = try RegisteredTool.reading(index, of: plugin, from: source, isSound: isSound)
                registered.grants = entry.grants
                entry.tools.append(registered)
                entry.soundTools.append(warnings.isEmpty)
                entry.report.problems += warnings.map { "In the schema of \(registered.name), \($0)" }
            } catch {
                entry.soundTools.append(false)
                entry.report.problems.append("Tool number \(index + 1) is not offered. \(error.sentence)")
            }
        }
        dropRepeatedNames(in: &entry)
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

    private func dropRepeatedNames(in entry: inout PluginEntry) {
        guard entry.tools.count > 1 else { return }
        let counts = Dictionary(entry.tools.map { ($0.name, 1) }, uniquingKeysWith: +)
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) where count > 1 {
            entry.tools.removeAll { $0.name == name }
            entry.report.problems.append("It has \(count) tools named \(name), and none of them is offered.")
        }
    }
}

extension PluginEntry {
    fileprivate init(_ candidate: PluginCandidate) {
        naming = candidate.naming
        report = PluginReport(file: candidate.path, state: .loaded)
        schemaHash = candidate.known?.registered?.schemaHash
        soundTools = candidate.known?.registered?.soundTools ?? []
    }

    fileprivate mutating func fail(_ error: PluginError, _ ledger: TrustLedger) {
        report.state = .broken(reason: error.message)
        failure = error
        reserved = ledger.tools(of: report.file)
    }
}
