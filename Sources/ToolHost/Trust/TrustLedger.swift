import Crypto
import Glibc
import ToolJSON
import ToolRuntime

/// The lock files of a host, read.
struct TrustLedger: Sendable {
    private let records: [TrustFile.Record]
    private let configuration: TrustConfiguration

    /// - Throws: ``ConfigurationError`` where a lock file cannot be used.
    init(_ configuration: TrustConfiguration) throws(ConfigurationError) {
        self.configuration = configuration
        records = try (configuration.file?.records() ?? []) + (configuration.installed?.records() ?? [])
    }

    /// What a plugin asks for and has.
    ///
    /// - Parameters:
    ///   - values: The user's values of its configuration keys.
    ///   - isNamed: Whether somebody named it for this run.
    /// - Throws: ``PluginError`` where it is refused because it is in no lock file.
    func access(
        of file: PluginFile,
        _ manifest: PluginManifest,
        _ registration: PluginRegistration,
        _ values: [String: String],
        isNamed: Bool
    ) throws(PluginError) -> PluginAccess {
        let allowed = configuration.allowances.filter { $0.plugin == nil || $0.plugin == manifest.name }
            .reduce(PluginPermissions()) { $0.union($1.permissions) }
        let wasTrusted = wasTrusted(file.path)
        let record = record(of: file, manifest, registration)
        if configuration.isLocked, record == nil { throw refusal(file) }
        let recorded = record?.permissions ?? PluginPermissions()
        var resolution = GrantResolution(values: values, [manifest.permissions, recorded, allowed])
        let asked = resolution.asked(manifest.permissions)
        let granted = resolution.recorded(recorded)
        let forThisRun = resolution.allowed(allowed)
        let recordable = resolution.recordable(manifest.permissions)
        return PluginAccess(
            asked: asked,
            recorded: record == nil ? nil : granted,
            allowed: forThisRun,
            wasTrusted: wasTrusted && record == nil,
            leftOut: resolution.leftOut,
            withheld: record != nil || isNamed || isMeant(manifest.name) ? [] : values.keys.sorted(),
            recordable: recordable
        )
    }

    /// Refuses a file that is in no lock file, before any of its code runs, where those that are not trusted are refused.
    func admit(_ file: PluginFile) throws(PluginError) {
        guard configuration.isLocked else { return }
        let hash = records.isEmpty ? nil : ContentHash(file)?.text
        guard records.contains(where: { $0.hash == hash }) else { throw refusal(file) }
    }

    /// The names of the tools that the file at a path had when it was trusted.
    ///
    /// - Parameter path: As it was found.
    func tools(of path: String) -> [String] {
        guard let real = realpath(path, nil) else { return [] }
        defer { free(real) }
        let path = String(cString: real)
        return records.filter { $0.file.hasSameBytes(as: path) }.flatMap(\.tools)
    }

    private func wasTrusted(_ path: String) -> Bool { records.contains { $0.file.hasSameBytes(as: path) } }

    private func refusal(_ file: PluginFile) -> PluginError {
        PluginError(
            .notTrusted,
            file: file.path,
            (wasTrusted(file.path) ? "Has changed since it was trusted" : "Is not trusted")
                + ", and --locked refuses it. Trust it as it is now: toolhost trust \(file.path.shellWord)"
        )
    }

    /// Whether a plugin of that name may have what is configured for it, trusted or not: the user has granted something to
    /// it by name, or the program that keeps no lock file decides for itself what it loads.
    private func isMeant(_ name: String) -> Bool {
        configuration.allowances.contains { $0.plugin == name }
            || configuration.file == nil && configuration.installed == nil
    }

    private func record(
        of file: PluginFile,
        _ manifest: PluginManifest,
        _ registration: PluginRegistration
    ) -> TrustFile.Record? {
        // To hash a file takes longer than to see that nobody trusts a plugin of that name.
        let records = records.filter { $0.name == manifest.name }
        guard !records.isEmpty, let hash = ContentHash(file)?.text else { return nil }
        let schemas = registration.schemaHash
        return records.first { $0.hash == hash && $0.schemas == schemas }
    }
}

extension PluginRegistration {
    /// The names that its schemas give.
    var toolNames: [String] {
        tools.compactMap { (try? JSON(parsing: $0.schema))?["name"]?.string }.filter(Identifier.isToolName)
    }

    /// The SHA-256 of the manifest and of all schemas, each with its length before it.
    var schemaHash: String {
        var hash = SHA256()
        for text in [manifest] + tools.map(\.schema) {
            withUnsafeBytes(of: UInt64(text.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: text)
        }
        return ContentHash.digits(hash.finalize())
    }
}
