import ToolSandbox

extension PluginPermissions {
    /// The permissions in the form of the sandbox.
    ///
    /// The sandbox follows no symbolic links, so the paths must be real paths.
    var sandboxGrants: SandboxGrants {
        SandboxGrants(read: read, write: write, connect: network, spawn: spawn, memoryBytes: memory)
    }
}
