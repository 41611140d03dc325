import Glibc
import ToolJSON
import ToolRuntime

/// The records of a host's lock files, read once.
struct TrustLedger: Sendable {
    private let configuration: TrustConfiguration
    private let byName: [String: [TrustRecord]]
    private let byFile: [ExactKey: [TrustRecord]]
    private let trustedHashes: Set<String>

    /// - Throws: ``ToolHostError`` if a lock file cannot be used.
    init(_ configuration: TrustConfiguration) throws(ToolHostError) {
        self.configuration = configuration
        let records = try configuration.records()
        byName = Dictionary(grouping: records, by: \.record.name)
        byFile = Dictionary(grouping: records) { ExactKey($0.file) }
        trustedHashes = Set(records.map(\.record.hash))
    }

    /// True if untrusted plugins are refused: every file is hashed before its plugin is used, even if its hash is
    /// known.
    var requiresTrust: Bool { configuration.requiresTrust }

    /// True if the permissions of a plugin depend on its hash.
    func needsHash(of name: String) -> Bool { requiresTrust || byName[name] != nil }

    /// The permissions that a plugin requests and has.
    ///
    /// - Parameters:
    ///   - plugin: The plugin. Its ``TrustCandidate/schemaHash`` is set if it was needed.
    ///   - hashes: The hashes of files that need not be computed again.
    /// - Throws: ``PluginError`` if the plugin is refused because no lock file has it, or its hash cannot be computed.
    func access(of plugin: inout TrustCandidate, _ hashes: KnownHashes) throws(PluginError) -> PluginAccess {
        let allowances = configuration.allowances.filter { $0.plugin == nil || $0.plugin == plugin.name }
            .reduce(PluginPermissions()) { $0.union($1.permissions) }
        let wasTrusted = wasTrusted(plugin.file.path)
        let record = try record(of: &plugin, hashes)
        if requiresTrust, record == nil { throw refusal(plugin.file) }
        let recorded = record?.record.permissions ?? PluginPermissions()
        var resolution = GrantResolution(values: plugin.values, [plugin.permissions, recorded, allowances])
        let requested = resolution.requested(plugin.permissions)
        let trusted = resolution.trusted(
            recorded,
            values: record?.record.values ?? [:],
            coversEveryValue: record?.isInstalled == true
        )
        let allowedForRun = resolution.allowedForRun(allowances)
        let requestedWithKeys = resolution.requestedWithKeys(plugin.permissions)
        let keyPaths = resolution.keyPaths(of: plugin.permissions)
        let receivesValues = record != nil || plugin.isNamed || isChosen(plugin.name)
        return PluginAccess(
            requested: requested,
            unresolved: requestedWithKeys.placeholders(besides: keyPaths.keys),
            trusted: record == nil ? nil : trusted,
            changedKeys: resolution.changedKeys,
            trustedHash: record?.record.hash,
            trustDate: record?.record.date,
            allowedForRun: allowedForRun,
            wasTrusted: wasTrusted && record == nil,
            rejections: resolution.rejections,
            withheldKeys: receivesValues ? [] : plugin.values.keys.sorted(),
            requestedWithKeys: requestedWithKeys,
            keyPaths: keyPaths
        )
    }

    /// Refuses a file that is in no lock file, before any of its code runs, if untrusted files are refused.
    ///
    /// - Returns: The hash of the file, if it was computed.
    func admit(_ file: PluginFile) throws(PluginError) -> String? {
        guard requiresTrust else { return nil }
        guard !trustedHashes.isEmpty else { throw refusal(file) }
        let hash = try hash(of: file, nil)
        guard let hash, trustedHashes.contains(hash) else { throw refusal(file) }
        return hash
    }

    /// The names of the plugin and its tools that the file at a path had when it was trusted, and the date of that.
    ///
    /// - Parameter path: The path at which it was found.
    /// - Returns: Nil if no record names the file.
    func record(of path: String) -> (names: [String], tools: [String], date: Int)? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        guard let records = byFile[ExactKey(String(cString: real))] else { return nil }
        return (
            records.map(\.record.name), records.flatMap(\.record.tools), records.map(\.record.date).max() ?? 0
        )
    }

    private func wasTrusted(_ path: String) -> Bool { byFile[ExactKey(path)] != nil }

    private func refusal(_ file: PluginFile) -> PluginError {
        PluginError(
            .lockedOut,
            file: file.path,
            (wasTrusted(file.path) ? "Has changed since it was trusted" : "Is not trusted")
                + ", and only trusted plugins are loaded."
        )
    }

    /// True if a plugin of that name receives its configured values although it is not trusted: the user has granted
    /// something to it by name, or the program uses no lock file and decides itself what it loads.
    private func isChosen(_ name: String) -> Bool {
        configuration.allowances.contains { $0.plugin == name }
            || configuration.lockFile == nil && configuration.installedLockFile == nil
    }

    /// The record that trusts a plugin, or nil if there is none.
    private func record(of plugin: inout TrustCandidate, _ hashes: KnownHashes) throws(PluginError) -> TrustRecord? {
        // Hashing a file takes longer than finding out that no plugin of that name is trusted.
        guard let records = byName[plugin.name] else { return nil }
        if plugin.hash == nil { plugin.hash = try hash(of: plugin.file, hashes) }
        let matching = records.filter { $0.record.hash == plugin.hash }
        guard !matching.isEmpty else { return nil }
        if plugin.schemaHash == nil {
            do throws(HashError) {
                plugin.schemaHash = try plugin.registration.schemaHash()
            } catch {
                throw pluginError(error, plugin.file)
            }
        }
        // The user's own records come first.
        return matching.first { $0.record.schemas == plugin.schemaHash }
    }

    /// - Returns: Nil if the file has changed since it was opened.
    private func hash(of file: PluginFile, _ known: KnownHashes?) throws(PluginError) -> String? {
        do throws(HashError) {
            return try ContentHash(file, known).text
        } catch {
            guard case .unavailable = error else { return nil }
            throw pluginError(error, file)
        }
    }

    private func pluginError(_ error: HashError, _ file: PluginFile) -> PluginError {
        guard case .unavailable(let reason, let remedy) = error else { return refusal(file) }
        return PluginError(
            .missingLibrary,
            file: file.path,
            "Cannot be compared with its trusted content. \(reason)",
            remedy: remedy
        )
    }
}
