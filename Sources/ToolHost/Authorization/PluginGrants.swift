import Glibc
import Locks
import ToolRuntime
import ToolSandbox

/// The permissions of a loaded plugin, which change while its host runs.
package final class PluginGrants: Sendable {
    private let plugin: any GrantReceiver
    private let file: PluginFile
    private let name: String
    private let registration: PluginRegistration
    /// The values of the plugin's configuration keys; it receives them once the user trusts it.
    private let values: [String: String]
    private let lockFile: TrustFile?
    private let state: Lock<State>

    private struct State {
        var access: PluginAccess { didSet { update() } }
        // Each call needs these, and they seldom change.
        private(set) var missing = PluginPermissions()
        /// True if the plugin may connect to other computers.
        private(set) var isConnected = false

        init(_ access: PluginAccess) {
            self.access = access
            update()
        }

        private mutating func update() {
            missing = access.missing
            isConnected = !access.granted.network.isEmpty
        }
    }

    /// Creates the grants of a plugin, and applies them.
    ///
    /// - Parameters:
    ///   - name: The name in the plugin's manifest.
    ///   - values: The user's values of its configuration keys.
    ///   - lockFile: The file that records trust; nil if trust cannot be recorded.
    init(
        of plugin: any GrantReceiver,
        access: PluginAccess,
        file: PluginFile,
        name: String,
        registration: PluginRegistration,
        values: [String: String],
        lockFile: TrustFile?
    ) {
        self.plugin = plugin
        self.file = file
        self.name = name
        self.registration = registration
        self.values = values
        self.lockFile = lockFile
        state = Lock(State(access))
        if access.withheldKeys.isEmpty { plugin.configure(values) }
        plugin.grant(access.granted)
    }

    /// The real path of the plugin's file.
    var path: String { file.path }

    var access: PluginAccess { state.withLock { $0.access } }

    /// True if the user trusts the plugin.
    var isTrusted: Bool { state.withLock { $0.access.isTrusted } }

    /// The permissions that the plugin requests and does not have; none if the host is configured not to confine it.
    var missing: PluginPermissions {
        plugin.isConfined ? state.withLock { $0.missing } : PluginPermissions()
    }

    /// True if ``missing`` is not empty.
    var isMissingPermissions: Bool { plugin.isConfined && state.withLock { !$0.missing.isEmpty } }

    var sandbox: SandboxReport? { plugin.sandbox }

    /// True if results of the plugin may come from other computers: it may connect, or asks to and is not confined.
    var readsOutside: Bool {
        let (isConnected, asks) = state.withLock { ($0.isConnected, !$0.access.requested.network.isEmpty) }
        return isConnected || asks && !isEnforced
    }

    private var isEnforced: Bool { plugin.sandbox.map { $0.files && $0.network && $0.systemCalls } ?? false }

    /// The facts about the plugin for the authorization of a call.
    var facts: AuthorizationRequest.Plugin {
        let (access, missing) = state.withLock { ($0.access, $0.missing) }
        return AuthorizationRequest.Plugin(
            name: name,
            file: path,
            access: access,
            missing: plugin.isConfined ? missing : PluginPermissions(),
            isConfined: plugin.isConfined,
            isEnforced: isEnforced
        )
    }

    /// Grants missing permissions after the user's reply to a prompt, and gives the plugin its configured values.
    ///
    /// - Parameter permanently: True to trust the plugin's current file.
    /// - Throws: ``ToolHostError`` if the trust cannot be recorded; the permissions are granted for this run then.
    package func grant(_ permissions: PluginPermissions, permanently: Bool) throws(ToolHostError) {
        let granted = state.withLock { state in
            var access = state.access
            if permanently {
                (access.trusted, access.changedKeys) = (access.requested, [])
            } else {
                access.allowedOnce = access.allowedOnce.union(permissions)
            }
            access.withheldKeys = []
            state.access = access
            return access.granted
        }
        plugin.configure(values)
        plugin.grant(granted)
        if permanently { try record() }
    }

    /// Records that the user trusts the plugin's current file, with all permissions that it requests.
    ///
    /// - Parameter isShipped: True to record only the file's name, and no values of the user's.
    /// - Throws: ``ToolHostError`` if the record cannot be written, or the file is no longer the one that was checked.
    func record(isShipped: Bool = false) throws(ToolHostError) {
        guard let lockFile else {
            throw ToolHostError(
                .invalidConfiguration,
                message: "No lock file is configured that could record the trust."
            )
        }
        let (hash, schemas): (String, String)
        do throws(HashError) {
            (hash, schemas) = (try ContentHash(file).text, try registration.schemaHash())
        } catch {
            switch error {
            case .changed:
                throw ToolHostError(
                    .changedFile,
                    message: "\(file.path) has changed since it was loaded. Load it again before you trust it."
                )
            case .unavailable(let reason, let remedy):
                throw ToolHostError(
                    .missingLibrary,
                    message: "\(file.path) cannot be trusted. \(reason)",
                    underlyingError: error,
                    remedy: remedy
                )
            }
        }
        let access = access
        try lockFile.record(
            TrustFile.Record(
                hash: hash,
                file: isShipped
                    ? String(file.path[(file.path.lastIndex(of: "/") ?? file.path.startIndex)...].dropFirst())
                    : file.path,
                name: name,
                schemas: schemas,
                tools: registration.toolNames,
                permissions: access.requestedWithKeys,
                values: isShipped ? [:] : access.keyPaths,
                date: time(nil)
            )
        )
    }
}
