import ToolJSON
import ToolRuntime

/// A permission that the user grants for one run: `[PLUGIN:]read=PATH`, for example.
public struct Allowance: Sendable, Hashable {
    /// The name of the plugin that gets the permission, or nil for all plugins.
    public let plugin: String?
    /// The granted permissions.
    public let permissions: PluginPermissions

    /// Creates a grant for one run.
    public init(plugin: String? = nil, _ permissions: PluginPermissions) {
        self.plugin = plugin
        self.permissions = permissions
    }

    /// Parses a grant: `read`, `write`, `spawn` and `env` take a path or a name, `network` a port and `memory` bytes.
    ///
    /// - Throws: ``ToolHostError`` with the expected form.
    public init(parsing text: String) throws(ToolHostError) {
        guard let equals = text.firstIndex(of: "=") else { throw Self.error(text) }
        let value = String(text[text.index(after: equals)...])
        let words = text[..<equals].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = words.last, !value.isEmpty else { throw Self.error(text) }
        var permissions = PluginPermissions()
        if value.isAbsolutePath { try RealPath.check(value) }
        switch kind {
        case "read" where value.isAbsolutePath: permissions.read = [value]
        case "write" where value.isAbsolutePath: permissions.write = [value]
        case "spawn" where value.isAbsolutePath: permissions.spawn = [value]
        case "env": permissions.environment = [value]
        case "network":
            guard let port = UInt16(value), port > 0 else { throw Self.error(text) }
            permissions.network = [port]
        case "memory":
            guard let bytes = UInt64(value), PluginPermissions.memoryRange.contains(bytes) else {
                throw Self.error(text)
            }
            permissions.memory = bytes
        default: throw Self.error(text)
        }
        self.init(plugin: words.count == 2 ? String(words[0]) : nil, permissions)
    }

    private static func error(_ text: String) -> ToolHostError {
        let kind = String(text.prefix { $0 != "=" }.split(separator: ":").last ?? "")
        let kinds = ["read", "write", "spawn", "network", "env", "memory"]
        let question = kinds.contains(kind) ? "" : NearNames.question(kind, among: kinds)
        let range = PluginPermissions.memoryRange
        return ToolHostError(
            .invalidConfiguration,
            message:
                "\(text.prefix(200)): expected [PLUGIN:]read=PATH, write=PATH, spawn=PATH, network=PORT, env=NAME or "
                + "memory=BYTES, with absolute paths, a port from 1 to 65535, and from \(range.lowerBound) to "
                + "\(range.upperBound) bytes.\(question)"
        )
    }
}
