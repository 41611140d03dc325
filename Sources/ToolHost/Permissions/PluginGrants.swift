import Glibc
import Synchronization
import ToolRuntime
import ToolSandbox

/// What a loaded plugin may touch, as it changes while its host runs.
package final class PluginGrants: Sendable {
    private let plugin: any PluginInstance
    private let file: PluginFile
    private let manifest: PluginManifest
    private let trust: TrustFile?
    private let state: Mutex<PluginAccess>

    init(
        _ access: PluginAccess,
        _ plugin: any PluginInstance,
        _ file: PluginFile,
        _ manifest: PluginManifest,
        _ trust: TrustFile?
    ) {
        self.plugin = plugin
        self.file = file
        self.manifest = manifest
        self.trust = trust
        state = Mutex(access)
        plugin.grant(access.granted)
    }

    var access: PluginAccess { state.withLock(\.self) }

    /// What it would need the user's word for; nothing where nothing confines it, by the user's choice.
    var lacking: PluginPermissions { plugin.isConfined ? access.lacking : PluginPermissions() }

    var sandbox: SandboxReport? { plugin.sandbox }

    /// Whether the kernel holds it to what it may.
    var isEnforced: Bool { plugin.sandbox.map { $0.files && $0.network && $0.systemCalls } ?? false }

    /// Grants more, for this run or for good.
    package func grant(_ permissions: PluginPermissions, forGood: Bool) {
        let granted = state.withLock { access in
            access.allowed = access.allowed.union(permissions)
            return access.granted
        }
        plugin.grant(granted)
        if forGood { try? record() }
    }

    /// Takes down that the user trusts the plugin as it is now, with all that it asks for.
    ///
    /// - Parameter isShipped: Whether only the file's name is taken down.
    func record(isShipped: Bool = false) throws(ConfigurationError) {
        guard let trust, let hash = ContentHash(file)?.text else { return }
        try trust.record(
            TrustFile.Record(
                hash: hash,
                file: isShipped
                    ? String(file.path[(file.path.lastIndex(of: "/") ?? file.path.startIndex)...].dropFirst())
                    : file.path,
                name: manifest.name,
                schemas: plugin.registration.schemaHash,
                permissions: manifest.permissions,
                date: time(nil)
            )
        )
    }
}
