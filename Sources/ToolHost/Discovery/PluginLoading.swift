import ToolRuntime

/// The loading of a search path: known plugins at once, the others concurrently, each within its deadline.
final class PluginLoading: Sendable {
    let settings: LoadingSettings
    private let ledger: TrustLedger

    private static let concurrency = 16

    /// - Throws: ``ToolHostError`` if a lock file cannot be used.
    init(_ settings: LoadingSettings) throws(ToolHostError) {
        self.settings = settings
        ledger = try TrustLedger(settings.trust)
    }

    /// Loads all plugins, and returns their entries in the order of the search path.
    func entries() async -> [PluginEntry] {
        let discovery = PluginDiscovery(settings.searchPath, includesPython: settings.python != nil)
        var cache = PluginCache(directory: settings.cacheDirectory)
        // A plugin in this process needs the whole content of its file, so every file is read.
        let isCached = if case .workers = settings.isolation { true } else { false }
        // The time before any file is checked: a later time would not show what may have changed since.
        var times = ChangeTimes()
        let candidates = await findInterpreters(
            PluginCandidate.all(discovery.candidates, isCached ? cache : nil, &times)
        )
        let registrar = PluginRegistrar(settings, cache.hashes)
        var entries = candidates.map(PluginEntry.init)
        let open = candidates.indices.filter { !finish(&entries[$0], candidates[$0], registrar, cache.hashes) }
        for (index, entry) in await load(open.map { ($0, candidates[$0]) }, registrar, cache.hashes) {
            entries[index] = entry
        }
        for index in entries.indices where entries[index].failure != nil {
            entries[index].addNames(cache.toolNames(at: candidates[index].path))
            entries[index].addNamesOfBinding()
        }
        if isCached {
            let conditions = conditions
            for index in entries.indices {
                guard let news = candidates[index].news(entries[index], conditions, &times) else { continue }
                cache.store(news.entry, at: news.path)
            }
        }
        // If the cache cannot be written, the plugins are checked again next time.
        try? cache.save()
        let missing = discovery.errors.map { error in
            PluginEntry(naming: .directory, report: PluginReport(file: error.file, state: .broken(error)))
        }
        return missing + Self.withoutLibraries(entries, candidates)
    }

    private var conditions: PluginCache.Conditions {
        guard case .workers(let workers) = settings.isolation else { return .init(.zero, .off) }
        return PluginCache.Conditions(settings.limits.registration, workers.sandbox)
    }

    /// Loads plugins concurrently.
    private func load(
        _ candidates: [(Int, PluginCandidate)],
        _ registrar: PluginRegistrar,
        _ hashes: KnownHashes
    ) async -> [(Int, PluginEntry)] {
        guard !candidates.isEmpty else { return [] }
        return await withTaskGroup(of: (Int, PluginEntry).self) { group in
            var results: [(Int, PluginEntry)] = []
            for (count, (index, candidate)) in candidates.enumerated() {
                if count >= Self.concurrency, let done = await group.next() { results.append(done) }
                group.addTask { [self] in (index, await entry(candidate, registrar, hashes)) }
            }
            for await done in group { results.append(done) }
            return results
        }
    }

    // MARK: - One plugin

    /// Completes the entry of a plugin of which everything is known, without waiting and without reading a file.
    ///
    /// - Returns: False if more is needed.
    private func finish(
        _ entry: inout PluginEntry,
        _ candidate: PluginCandidate,
        _ registrar: PluginRegistrar,
        _ hashes: KnownHashes
    ) -> Bool {
        do throws(PluginError) {
            if let error = candidate.error { throw error }
            guard !ledger.requiresTrust, let file = candidate.file,
                let plugin = try registrar.knownPlugin(file, candidate.known, candidate.python)
            else { return false }
            let manifest = try entry.manifest(of: plugin)
            guard !ledger.needsHash(of: manifest.name) || hashes.cover(file) else { return false }
            try finish(&entry, candidate, file, plugin, manifest, nil, hashes)
        } catch {
            entry.fail(error, ledger)
        }
        return true
    }

    private func entry(
        _ candidate: PluginCandidate,
        _ registrar: PluginRegistrar,
        _ hashes: KnownHashes
    ) async -> PluginEntry {
        var entry = PluginEntry(candidate)
        guard let file = candidate.file else { return entry }
        do throws(PluginError) {
            let hash = try ledger.admit(file)
            let plugin = try await registrar.plugin(file, candidate.known, candidate.python)
            let manifest = try entry.manifest(of: plugin)
            try finish(&entry, candidate, file, plugin, manifest, hash, hashes)
        } catch {
            entry.fail(error, ledger)
        }
        return entry
    }

    private func finish(
        _ entry: inout PluginEntry,
        _ candidate: PluginCandidate,
        _ file: PluginFile,
        _ plugin: any ToolSource,
        _ manifest: PluginManifest,
        _ hash: String?,
        _ hashes: KnownHashes
    ) throws(PluginError) {
        entry.plugin = plugin
        entry.hasNews = candidate.known?.registered == nil
        entry.report.name = manifest.name
        entry.report.version = manifest.version
        entry.report.configurationKeys = manifest.configurationKeys
        entry.report.problems = manifest.warnings.map { "In its manifest, \($0)" }
        let declared = Set(manifest.configurationKeys)
        let values = settings.pluginValues[manifest.name, default: [:]].filter { declared.contains($0.key) }
        var trustCandidate = TrustCandidate(
            file: file,
            name: manifest.name,
            permissions: manifest.permissions,
            registration: plugin.registration,
            values: values,
            isNamed: candidate.naming > .none,
            hash: hash,
            schemaHash: entry.schemaHash
        )
        defer { entry.schemaHash = trustCandidate.schemaHash }
        let access = try ledger.access(of: &trustCandidate, hashes)
        if trustCandidate.schemaHash != candidate.known?.registered?.schemaHash { entry.hasNews = true }
        let grants = PluginGrants(
            of: plugin,
            access: access,
            file: file,
            name: manifest.name,
            registration: plugin.registration,
            values: values,
            lockFile: settings.trust.lockFile
        )
        entry.grants = grants
        entry.trustDate = access.trustDate
        entry.report.problems += access.rejections
        // A plugin that lacks permissions needs the same decision of the user, and its report says so.
        if !access.withheldKeys.isEmpty, grants.missing.isEmpty {
            entry.report.problems.append(access.withheldSentence)
            entry.report.add(.trustOrName(entry.report.file))
        }
        readTools(of: plugin, manifest, into: &entry)
        // A file that has changed since it was trusted keeps its rank, but only for the names that were trusted.
        if entry.tools.isEmpty, entry.trustDate == nil, let record = ledger.record(of: candidate.path) {
            entry.trustDate = record.date
            entry.isRenamed = !record.names.contains(manifest.name)
            if entry.naming != .file { entry.reserved = record.tools }
        }
    }

    private func readTools(of plugin: any ToolSource, _ manifest: PluginManifest, into entry: inout PluginEntry) {
        let provider = ToolProvider(name: manifest.name, version: manifest.version, file: entry.report.file)
        let tools = plugin.registration.tools
        if entry.soundTools.count != tools.count { entry.soundTools = Array(repeating: nil, count: tools.count) }
        for index in tools.indices {
            do {
                let known = entry.soundTools[index]
                var (registered, warnings) = try RegisteredTool.reading(index, of: plugin, from: provider, known: known)
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
        entry.withdrawRepeatedNames()
        if let missing = entry.grants?.missing, !missing.isEmpty, !settings.offersUngrantedTools, !entry.tools.isEmpty {
            entry.report.state = .ungranted(missing)
            entry.report.add(.grant(entry.report.file))
            entry.withdrawAll()
        } else if entry.tools.isEmpty {
            let message = (["None of its tools can be used."] + entry.report.problems).joined(separator: " ")
            entry.report.state = .broken(PluginError(.invalidTool, file: entry.report.file, message))
            entry.report.problems = []
        }
        let access = entry.grants?.access
        if entry.tools.isEmpty, entry.naming == .file || access?.isTrusted == true || access?.wasTrusted == true {
            entry.reserved = entry.report.unofferedTools.keys.sorted()
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
