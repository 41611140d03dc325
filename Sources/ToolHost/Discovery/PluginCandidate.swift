import ToolRuntime

/// A file of the search path, checked, and what is known of it.
struct PluginCandidate: Sendable {
    let path: String
    /// Whether the user named it for this run, as far as the best of its names goes.
    var naming: PluginDiscovery.Naming
    let file: Result<PluginFile, PluginError>
    /// What the cache knows of the file as it is now.
    var known: PluginCache.Entry?
}

extension PluginCandidate {
    /// Checks all files of a search path. Reads only those that have changed.
    ///
    /// A file that is found twice counts once, where it comes first, and as if it were named as it is at best.
    ///
    /// - Parameter cache: What is known of the files; nil for plugins that are loaded into this process, which need all
    ///   that a file says.
    static func all(_ candidates: [PluginDiscovery.Candidate], _ cache: PluginCache?) -> [PluginCandidate] {
        var scan = FileScan()
        var times = ChangeTimes()
        var found: [PluginCandidate] = []
        found.reserveCapacity(candidates.count)
        var places: [FileIdentity.Number: Int] = [:]
        for candidate in candidates {
            let next = check(candidate, cache, &scan, &times)
            if case .success(let file) = next.file {
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
        func made(_ file: Result<PluginFile, PluginError>, _ known: PluginCache.Entry?) -> PluginCandidate {
            PluginCandidate(path: candidate.path, naming: candidate.naming, file: file, known: known)
        }
        if let cache, let found = scan.find(candidate.path), let known = cache.entry(at: found.path),
            let findings = known.findings, times.prove(findings, at: found.path),
            let file = PluginFile(found, as: findings, &scan)
        {
            return made(.success(file), known)
        }
        do throws(PluginError) {
            let file = try PluginFile(checking: candidate.path, &scan)
            let known = cache?.entry(at: file.path)
            return made(.success(file), known?.isAbout(file) == true ? known : nil)
        } catch {
            return made(.failure(error), nil)
        }
    }

    /// What is to be kept of it, or nil where the cache knows all of that already.
    ///
    /// - Parameter conditions: The conditions under which it was tried.
    func news(
        _ entry: PluginEntry,
        _ conditions: PluginCache.Conditions,
        _ times: inout ChangeTimes
    ) -> (path: String, entry: PluginCache.Entry)? {
        guard case .success(let file) = file else { return nil }
        var news = known ?? PluginCache.Entry(identities: file.parts.map(\.identity))
        var isNew = false
        if news.findings == nil, let findings = file.findings, times.prove(findings, at: file.path) {
            news.findings = findings
            isNew = true
        }
        if let plugin = entry.plugin {
            let registered = PluginCache.Registered(
                registration: plugin.registration,
                schemaHash: entry.schemaHash,
                soundTools: entry.soundTools
            )
            if news.registered?.schemaHash != registered.schemaHash
                || news.registered?.soundTools != registered.soundTools
            {
                news.outcome = .registered(registered)
                isNew = true
            }
        } else if let failure = entry.failure, PluginCache.isLasting(failure),
            news.failure(of: file, conditions) == nil
        {
            news.outcome = .failed(failure.code, failure.message, conditions)
            isNew = true
        }
        return isNew ? (file.path, news) : nil
    }
}
