public import ToolSandbox

/// One file or folder of the search path: what it offers, or what is wrong with it.
public struct PluginReport: Sendable, Hashable {
    /// What became of a file.
    public enum State: Sendable, Hashable {
        /// It is loaded.
        case loaded
        /// Another file of the same plugin name wins, as it should.
        case shadowed(by: String)
        /// It needs permissions that the user has not granted, and no user can be asked.
        case ungranted(PluginPermissions)
        /// It cannot be used: why, and what to do.
        case broken(reason: String)
    }

    /// The file, as it was found.
    public let file: String
    /// The plugin's name, where it could be read.
    public var name: String?
    /// The plugin's version; "" if it gives none.
    public var version: String?
    /// The names of the tools that are offered.
    public var tools: [String] = []
    /// The configuration keys that it reads.
    public var configurationKeys: [String] = []
    /// What it asks for and has; `nil` where it could not be read.
    public var access: PluginAccess?
    /// What the kernel enforces on it; `nil` where nothing confines it.
    public var sandbox: SandboxReport?
    /// What became of it.
    public var state: State
    /// What is wrong with some of its tools, or what it did wrong since: sentences.
    public var problems: [String] = []

    /// Whether a person should look at it.
    public var needsAttention: Bool {
        if case .broken = state { true } else { !problems.isEmpty }
    }
}
