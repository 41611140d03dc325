import Glibc
import Synchronization
import ToolRuntime
import ToolSandbox

/// What a loaded plugin may touch, as it changes while its host runs.
package final class PluginGrants: Sendable {
    private let plugin: any PluginInstance
    private let file: PluginFile
    private let manifest: PluginManifest
    /// The user's values of its configuration keys: it gets them with the user's word, and not before.
    private let values: [String: String]
    private let trust: TrustFile?
    private let state: Mutex<PluginAccess>

    init(
        _ access: PluginAccess,
        _ plugin: any PluginInstance,
        _ file: PluginFile,
        _ manifest: PluginManifest,
        _ values: [String: String],
        _ trust: TrustFile?
    ) {
        self.plugin = plugin
        self.file = file
        self.manifest = manifest
        self.values = values
        self.trust = trust
        state = Mutex(access)
        if access.withheld.isEmpty { plugin.configure(values) }
        plugin.grant(access.granted)
    }

    /// The real path of the plugin's file.
    var path: String { file.path }

    var access: PluginAccess { state.withLock(\.self) }

    /// True if the user has agreed to the plugin.
    var isTrusted: Bool { state.withLock { $0.isTrusted } }

    /// What it would need the user's word for; nothing where nothing confines it, by the user's choice.
    var lacking: PluginPermissions {
        plugin.isConfined ? state.withLock { $0.lacking } : PluginPermissions()
    }

    var sandbox: SandboxReport? { plugin.sandbox }

    /// Whether the kernel holds it to what it may.
    var isEnforced: Bool { plugin.sandbox.map { $0.files && $0.network && $0.systemCalls } ?? false }

    /// Grants what was lacking, by the user's answer to a question, and gives what is configured for it.
    ///
    /// - Parameter forGood: Whether the plugin is trusted as it is now.
    /// - Throws: ``ToolHostError`` where that cannot be written down; it is granted until the program ends then.
    package func grant(_ permissions: PluginPermissions, forGood: Bool) throws(ToolHostError) {
        let granted = state.withLock { access in
            if forGood {
                (access.recorded, access.changedKeys) = (access.asked, [])
            } else {
                access.lent = access.lent.union(permissions)
            }
            access.withheld = []
            return access.granted
        }
        plugin.configure(values)
        plugin.grant(granted)
        if forGood { try record() }
    }

    /// Records that the user trusts the plugin as it is now, with all that it asks for.
    ///
    /// - Parameter isShipped: True to record the file's name alone, and no values of the user's.
    /// - Throws: ``ToolHostError`` if the record cannot be written, or the file is no longer the one that was checked.
    func record(isShipped: Bool = false) throws(ToolHostError) {
        guard let trust else { throw ToolHostError(message: "There is no lock file to take it down in.") }
        let (hash, schemas): (String, String)
        do throws(HashError) {
            (hash, schemas) = (try ContentHash(file).text, try plugin.registration.schemaHash())
        } catch {
            switch error {
            case .changed:
                throw ToolHostError(message: "\(file.path) has changed since it was looked at. Look at it again.")
            case .unavailable(let reason):
                throw ToolHostError(message: "\(file.path) cannot be trusted. \(reason)")
            }
        }
        let access = access
        try trust.record(
            TrustFile.Record(
                hash: hash,
                file: isShipped
                    ? String(file.path[(file.path.lastIndex(of: "/") ?? file.path.startIndex)...].dropFirst())
                    : file.path,
                name: manifest.name,
                schemas: schemas,
                tools: plugin.registration.toolNames,
                permissions: access.recordable,
                values: isShipped ? [:] : access.keyPaths,
                date: time(nil)
            )
        )
    }
}
