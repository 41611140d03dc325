import ToolJSON
import ToolRuntime

/// Loads the files of a search path: those that are known at once, the others side by side, each within its deadline.
final class PluginLoading: Sendable {
    private let configuration: HostConfiguration

    private static let concurrency = 16

    init(_ configuration: HostConfiguration) { self.configuration = configuration }

    /// Everything found, in the order of the search path.
    ///
    /// - Throws: ``ToolHostError`` where a lock file cannot be used.
    func entries() async throws(ToolHostError) -> [PluginEntry] {
        let ledger = try TrustLedger(configuration.trust)
        let discovery = PluginDiscovery(configuration.searchPath)
        var cache = PluginCache(directory: configuration.cacheDirectory)
        // A plugin that is loaded into this process needs all that its file says, so every file is read.
        let isKept = if case .workers = configuration.isolation { true } else { false }
        // The time before any file is looked at: a later one would not tell what may have changed since.
        var times = ChangeTimes()
        let candidates = PluginCandidate.all(discovery.candidates, isKept ? cache : nil, &times)
        let scan = PluginRegistrar(configuration, cache.hashes)
        var entries = candidates.map(PluginEntry.init)
        let open = candidates.indices.filter { !finish(&entries[$0], candidates[$0], scan, ledger, cache.hashes) }
        for (index, entry) in await load(open.map { ($0, candidates[$0]) }, scan, ledger, cache.hashes) {
            entries[index] = entry
        }
        let conditions = conditions
        for index in entries.indices where entries[index].failure != nil {
            entries[index].keepNames(cache.toolNames(at: candidates[index].path))
            entries[index].keepNamesOfBinding()
            let candidate = candidates[index]
            let former = candidate.file.flatMap { candidate.known?.failure(of: $0, conditions) }
            if let former, former == entries[index].failure { entries[index].report.remedies.insert(.release) }
        }
        if isKept {
            for index in entries.indices {
                guard let news = candidates[index].news(entries[index], conditions, &times) else { continue }
                cache.keep(news.entry, at: news.path)
            }
        }
        // If it cannot be written, the plugins are checked again next time.
        try? cache.save()
        entries = Self.withoutLibraries(entries, candidates)
        let missing = discovery.missing.map { path, reason in
            PluginEntry(naming: .directory, report: PluginReport(file: path, state: .broken(reason: reason)))
        }
        entries.insert(contentsOf: missing, at: 0)
        return entries
    }

    private var conditions: PluginCache.Conditions {
        guard case .workers(let workers) = configuration.isolation else { return .init(.zero, .off) }
        return PluginCache.Conditions(configuration.limits.registration, workers.sandbox)
    }

    /// Loads plugins side by side.
    private func load(
        _ candidates: [(Int, PluginCandidate)],
        _ scan: PluginRegistrar,
        _ ledger: TrustLedger,
        _ hashes: KnownHashes
    ) async -> [(Int, PluginEntry)] {
        guard !candidates.isEmpty else { return [] }
        return await withTaskGroup(of: (Int, PluginEntry).self) { group in
            var results: [(Int, PluginEntry)] = []
            for (count, (index, candidate)) in candidates.enumerated() {
                if count >= Self.concurrency, let done = await group.next() { results.append(done) }
                group.addTask { [self] in (index, await entry(candidate, scan, ledger, hashes)) }
            }
            for await done in group { results.append(done) }
            return results
        }
    }

    // MARK: - One plugin

    /// Completes the entry of a plugin of which everything is known, without waiting and without reading a file.
    ///
    /// - Returns: False where it takes more.
    private func finish(
        _ entry: inout PluginEntry,
        _ candidate: PluginCandidate,
        _ scan: PluginRegistrar,
        _ ledger: TrustLedger,
        _ hashes: KnownHashes
    ) -> Bool {
        do throws(PluginError) {
            if let fault = candidate.fault { throw fault }
            guard !ledger.isLocked, let file = candidate.file, let plugin = try scan.knownPlugin(file, candidate.known)
            else { return false }
            let manifest = try entry.manifest(of: plugin)
            guard !ledger.needsHash(of: manifest.name) || hashes.cover(file) else { return false }
            try finish(&entry, candidate, file, plugin, manifest, nil, ledger, hashes)
        } catch {
            entry.fail(error, ledger)
        }
        return true
    }

    private func entry(
        _ candidate: PluginCandidate,
        _ scan: PluginRegistrar,
        _ ledger: TrustLedger,
        _ hashes: KnownHashes
    ) async -> PluginEntry {
        var entry = PluginEntry(candidate)
        guard let file = candidate.file else { return entry }
        do throws(PluginError) {
            let hash = try ledger.admit(file)
            let plugin = try await scan.plugin(file, candidate.known)
            let manifest = try entry.manifest(of: plugin)
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
        entry.hasNews = candidate.known?.registered == nil
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
            isNamed: candidate.naming > .none
        )
        if entry.schemaHash != candidate.known?.registered?.schemaHash { entry.hasNews = true }
        let grants = PluginGrants(access, plugin, file, manifest, values, configuration.trust.file)
        entry.grants = grants
        entry.trustDate = access.recordedDate
        entry.report.problems += access.leftOut
        // Where it lacks grants, the same word of the user's is missing.
        if !access.withheld.isEmpty, grants.lacking.isEmpty {
            entry.report.problems.append(access.withheldSentence)
            entry.report.remedies.insert(.trustOrName)
        }
        readTools(of: plugin, manifest, into: &entry)
        // A file that has changed since it was trusted keeps its rank, but only for the names that were trusted.
        if entry.tools.isEmpty, entry.trustDate == nil, let record = ledger.record(of: candidate.path) {
            entry.trustDate = record.date
            entry.isRenamed = !record.names.contains(manifest.name)
            if entry.naming != .file { entry.reserved = record.tools }
        }
    }

    private func readTools(of plugin: any PluginInstance, _ manifest: PluginManifest, into entry: inout PluginEntry) {
        let source = RegisteredTool.Source.plugin(
            name: manifest.name,
            version: manifest.version,
            file: entry.report.file
        )
        let tools = plugin.registration.tools
        if entry.soundTools.count != tools.count { entry.soundTools = Array(repeating: nil, count: tools.count) }
        for index in tools.indices {
            do {
                let known = entry.soundTools[index]
                var (registered, warnings) = try RegisteredTool.reading(index, of: plugin, from: source, known: known)
                registered.grants = entry.grants
                if known == nil, warnings.isEmpty {
                    entry.soundTools[index] = registered.summary
                    entry.hasNews = true
                }
                entry.report.problems += warnings.map { "In the schema of \(registered.name), \($0)" }
                entry.tools.append(registered)
            } catch {
                let sentence = "Tool number \(index + 1) is not offered. \(error.sentence)"
                entry.report.problems.append(sentence)
                entry.report.isIncomplete = true
                if let name = tools[index].name { entry.report.unofferedTools[name] = sentence }
            }
        }
        dropRepeatedNames(in: &entry)
        if let lacking = entry.grants?.lacking, !lacking.isEmpty, configuration.asker == nil, !entry.tools.isEmpty {
            entry.report.state = .ungranted(lacking)
            entry.withdrawAll()
        } else if entry.tools.isEmpty {
            entry.report.state = .broken(
                reason: (["None of its tools can be used."] + entry.report.problems).joined(separator: " ")
            )
            entry.report.problems = []
        }
        let access = entry.grants?.access
        if entry.tools.isEmpty, entry.naming == .file || access?.isTrusted == true || access?.wasTrusted == true {
            entry.reserved = entry.report.unofferedTools.keys.sorted()
        }
    }

    private func dropRepeatedNames(in entry: inout PluginEntry) {
        guard entry.tools.count > 1 else { return }
        let counts = Dictionary(entry.tools.map { ($0.name, 1) }, uniquingKeysWith: +)
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) where count > 1 {
            let sentence = "It has \(count) tools named \(name), and none of them is offered."
            entry.withdraw(name, sentence)
            entry.report.problems.append(sentence)
            entry.report.isIncomplete = true
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
}
