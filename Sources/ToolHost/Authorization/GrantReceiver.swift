package import ToolSandbox

/// A plugin to which permissions and configured values are granted.
package protocol GrantReceiver: Sendable {
    /// True if the host is configured to confine the plugin.
    var isConfined: Bool { get }

    /// The parts of the sandbox that the kernel enforces; nil if nothing confines the plugin.
    var sandbox: SandboxReport? { get }

    /// Gives the plugin the values of its configuration keys.
    func configure(_ values: [String: String])

    /// Replaces the permissions that the plugin has.
    func grant(_ permissions: PluginPermissions)
}
