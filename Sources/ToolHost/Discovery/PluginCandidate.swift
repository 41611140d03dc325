import ToolRuntime

/// A file of the search path that was checked, with the cache's findings about it.
struct PluginCandidate: Sendable {
    let path: String
    /// The most explicit way in which the user named it for this run.
    var naming: PluginEntry.Naming
    /// The file, or nil if it cannot be used.
    let file: PluginFile?
    /// The reason why it cannot be used.
    let error: PluginError?
    /// The cache's findings that hold for the current file.
    var known: PluginCache.Entry?
    /// The start of its interpreter, for a Python file.
    var python: PythonLaunch?
}

extension PluginCandidate {
    /// Checks all files of a search path, and reads only those that have changed.
    ///
    /// A file that is found twice counts once: at its first place, and with its most explicit naming.
    ///
    /// - Parameters:
    ///   - cache: The cache, or nil for plugins that are loaded into this process, which need the content of each file.
    ///   - times: The judge of identities, made before this.
    static func all(
        _ candidates: [PluginDiscovery.Candidate],
        _ cache: PluginCache?,
        _ times: inout ChangeTimes
    ) -> [PluginCandidate] {
        var scan = FileScan()
        var found: [PluginCandidate] = []
        found.reserveCapacity(candidates.count)
        var places: [FileIdentity.Number: Int] = [:]
        for candidate in candidates {
            let next = check(candidate, cache, &scan, &times)
            if let file = next.file {
                if let first = places[file.number] {
                    found[first].naming = max(found[first].naming, candidate.naming)
                    continue
                }
                places[file.number] = found.count
            }
            found.append(next)
        }
        return found
    }

    private static func check(
        _ candidate: PluginDiscovery.Candidate,
        _ cache: PluginCache?,
        _ scan: inout FileScan,
        _ times: inout ChangeTimes
    ) -> PluginCandidate {
        if let cache, let found = scan.find(candidate.path), let known = cache.entry(at: found.path),
            let findings = known.findings, times.prove(findings, at: found.path),
            let file = PluginFile(found, as: findings, &scan)
        {
            return PluginCandidate(candidate, file, known)
        }
        do throws(PluginError) {
            let file = try PluginFile(checking: candidate.path, &scan)
            let known = cache?.entry(at: file.path)
            return PluginCandidate(candidate, file, known?.isAbout(file) == true ? known : nil)
        } catch {
            return PluginCandidate(candidate, nil, nil, error)
        }
    }

    private init(
        _ candidate: PluginDiscovery.Candidate,
        _ file: PluginFile?,
        _ known: PluginCache.Entry?,
        _ error: PluginError? = nil
    ) {
        (path, naming) = (candidate.path, candidate.naming)
        (self.file, self.error, self.known, python) = (file, error, known, nil)
    }

    /// Creates a candidate for the same file with an interpreter, or with the reason why there is none.
    init(_ candidate: PluginCandidate, _ file: PluginFile, _ python: PythonLaunch?, _ error: PluginError? = nil) {
        (path, naming) = (candidate.path, candidate.naming)
        (self.file, self.error, self.python) = (error == nil ? file : nil, error, python)
        known = candidate.known?.interpreter == python?.fingerprint ? candidate.known : nil
    }

    /// Returns the findings to store, or nil if the cache has them all.
    ///
    /// - Parameters:
    ///   - conditions: The conditions under which the plugin was tried.
    ///   - times: The judge with which the file was checked.
    func news(
        _ entry: PluginEntry,
        _ conditions: PluginCache.Conditions,
        _ times: inout ChangeTimes
    ) -> (path: String, entry: PluginCache.Entry)? {
        guard let file else { return nil }
        var news = known ?? PluginCache.Entry(identities: file.parts.map(\.identity))
        news.interpreter = python?.fingerprint
        var isNew = false
        if known?.findings == nil, let findings = file.findings, times.prove(findings, at: file.path) {
            news.findings = findings
            isNew = true
        }
        if let plugin = entry.plugin {
            if entry.hasNews {
                news.outcome = .registered(
                    PluginCache.Registered(
                        registration: plugin.registration,
                        schemaHash: entry.schemaHash,
                        soundTools: entry.soundTools
                    )
                )
                isNew = true
            }
        } else if let failure = entry.failure, PluginCache.isLasting(failure),
            known?.failure(of: file, conditions) == nil
        {
            news.outcome = .failed(failure.code, failure.message, conditions)
            news.formerTools = entry.report.unofferedTools.keys.sorted()
            isNew = true
        }
        return isNew ? (file.path, news) : nil
    }
}
