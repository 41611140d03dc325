import Glibc
import ToolJSON
import ToolRuntime

/// The lock files of a host, read.
struct TrustLedger: Sendable {
    private let configuration: TrustConfiguration
    private let byName: [String: [TrustRecord]]
    private let byFile: [ExactKey: [TrustRecord]]
    private let trusted: Set<String>

    /// - Throws: ``ToolHostError`` where a lock file cannot be used.
    init(_ configuration: TrustConfiguration) throws(ToolHostError) {
        self.configuration = configuration
        let records = try configuration.records()
        byName = Dictionary(grouping: records, by: \.record.name)
        byFile = Dictionary(grouping: records) { ExactKey($0.file) }
        trusted = Set(records.map(\.record.hash))
    }

    /// True if every file is hashed before its plugin is used, whatever is known of it.
    var isLocked: Bool { configuration.isLocked }

    /// True if the hash of a plugin decides what it has.
    func needsHash(of name: String) -> Bool { isLocked || byName[name] != nil }

    /// The permissions that a plugin asks for and has.
    ///
    /// - Parameters:
    ///   - hash: The plugin's hash where it is known, and later where it was needed.
    ///   - schemaHash: The same for ``PluginRegistration/schemaHash()``.
    ///   - known: The hashes of files that need not be computed again.
    ///   - values: The user's values of its configuration keys.
    ///   - isNamed: True if the user named it for this run.
    /// - Throws: ``PluginError`` where it is refused because it is in no lock file, or where it cannot be told.
    func access(
        of file: PluginFile,
        _ manifest: PluginManifest,
        _ registration: PluginRegistration,
        _ hash: String?,
        _ schemaHash: inout String?,
        _ known: KnownHashes,
        _ values: [String: String],
        isNamed: Bool
    ) throws(PluginError) -> PluginAccess {
        let allowed = configuration.allowances.filter { $0.plugin == nil || $0.plugin == manifest.name }
            .reduce(PluginPermissions()) { $0.union($1.permissions) }
        let wasTrusted = wasTrusted(file.path)
        let record = try record(of: file, manifest, registration, hash, &schemaHash, known)
        if configuration.isLocked, record == nil { throw refusal(file) }
        let recorded = record?.record.permissions ?? PluginPermissions()
        var resolution = GrantResolution(values: values, [manifest.permissions, recorded, allowed])
        let asked = resolution.asked(manifest.permissions)
        let granted = resolution.recorded(
            recorded,
            values: record?.record.values ?? [:],
            coversEveryValue: record?.isInstalled == true
        )
        let forThisRun = resolution.allowed(allowed)
        let recordable = resolution.recordable(manifest.permissions)
        let keyPaths = resolution.recordableValues(manifest.permissions)
        return PluginAccess(
            asked: asked,
            unresolved: recordable.placeholders(besides: keyPaths.keys),
            recorded: record == nil ? nil : granted,
            changedKeys: resolution.changedKeys,
            recordedHash: record?.record.hash,
            recordedDate: record?.record.date,
            allowed: forThisRun,
            wasTrusted: wasTrusted && record == nil,
            leftOut: resolution.leftOut,
            withheld: record != nil || isNamed || isMeant(manifest.name) ? [] : values.keys.sorted(),
            recordable: recordable,
            keyPaths: keyPaths
        )
    }

    /// Refuses a file that is in no lock file, before any of its code runs, where untrusted files are refused.
    ///
    /// - Returns: The hash of the file where it was computed.
    func admit(_ file: PluginFile) throws(PluginError) -> String? {
        guard configuration.isLocked else { return nil }
        guard !trusted.isEmpty else { throw refusal(file) }
        let hash = try hash(of: file, nil)
        guard let hash, trusted.contains(hash) else { throw refusal(file) }
        return hash
    }

    /// The names of the tools that the file at a path had when it was trusted, and the date of that.
    ///
    /// - Parameter path: The path at which it was found.
    /// - Returns: `nil` if no record names the file.
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

    /// True if a plugin of that name may have what is configured for it, trusted or not: the user has granted something to
    /// it by name, or the program that keeps no lock file decides for itself what it loads.
    private func isMeant(_ name: String) -> Bool {
        configuration.allowances.contains { $0.plugin == name }
            || configuration.file == nil && configuration.installed == nil
    }

    private func record(
        of file: PluginFile,
        _ manifest: PluginManifest,
        _ registration: PluginRegistration,
        _ hash: String?,
        _ schemaHash: inout String?,
        _ known: KnownHashes
    ) throws(PluginError) -> TrustRecord? {
        // To hash a file takes longer than to see that nobody trusts a plugin of that name.
        guard let records = byName[manifest.name] else { return nil }
        var hash = hash
        if hash == nil { hash = try self.hash(of: file, known) }
        let fitting = records.filter { $0.record.hash == hash }
        guard !fitting.isEmpty else { return nil }
        if schemaHash == nil {
            do throws(HashError) {
                schemaHash = try registration.schemaHash()
            } catch {
                throw missing(error, file)
            }
        }
        // The user's own records come first.
        return fitting.first { $0.record.schemas == schemaHash }
    }

    /// - Returns: `nil` where the file has changed.
    private func hash(of file: PluginFile, _ known: KnownHashes?) throws(PluginError) -> String? {
        do throws(HashError) {
            return try ContentHash(file, known).text
        } catch {
            guard case .unavailable = error else { return nil }
            throw missing(error, file)
        }
    }

    private func missing(_ fault: HashError, _ file: PluginFile) -> PluginError {
        guard case .unavailable(let reason) = fault else { return refusal(file) }
        return PluginError(.missingLibrary, file: file.path, "Cannot be compared with what was trusted. \(reason)")
    }
}

extension PluginRegistration.Tool {
    /// The name that its schema gives, if it is one.
    var name: String? {
        (try? JSON(parsing: schema))?["name"]?.string.flatMap { Identifier.isToolName($0) ? $0 : nil }
    }
}

extension PluginRegistration {
    /// The names that its schemas give.
    var toolNames: [String] { tools.compactMap(\.name) }

    /// The SHA-256 of the manifest and of all schemas, each with its length before it.
    func schemaHash() throws(HashError) -> String {
        var hash = try SHA256()
        for text in [manifest] + tools.map(\.schema) {
            let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) }
            try hash.update(length.span.bytes)
            try hash.update(text.span.bytes)
        }
        return ContentHash.digits(try hash.finish())
    }
}
