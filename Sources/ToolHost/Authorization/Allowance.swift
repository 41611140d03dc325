import ToolJSON

/// What the user grants for one run: `[PLUGIN:]read=DIR` and the like.
public struct Allowance: Sendable, Hashable {
    /// Whom it is for; all plugins where `nil`.
    public let plugin: String?
    /// What is granted.
    public let permissions: PluginPermissions

    /// A grant for one run.
    public init(plugin: String? = nil, _ permissions: PluginPermissions) {
        self.plugin = plugin
        self.permissions = permissions
    }

    /// Reads a grant: `read`, `write`, `spawn` and `env` take a path or a name, `network` a port and `memory` bytes.
    ///
    /// - Throws: ``ToolHostError`` that says what is expected.
    public init(parsing text: String) throws(ToolHostError) {
        guard let equals = text.firstIndex(of: "=") else { throw Self.fault(text) }
        let value = String(text[text.index(after: equals)...])
        let words = text[..<equals].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = words.last, !value.isEmpty else { throw Self.fault(text) }
        var permissions = PluginPermissions()
        if value.isAbsolutePath { try RealPath.check(value) }
        switch kind {
        case "read" where value.isAbsolutePath: permissions.read = [value]
        case "write" where value.isAbsolutePath: permissions.write = [value]
        case "spawn" where value.isAbsolutePath: permissions.spawn = [value]
        case "env": permissions.environment = [value]
        case "network":
            guard let port = UInt16(value), port > 0 else { throw Self.fault(text) }
            permissions.network = [port]
        case "memory":
            guard let bytes = UInt64(value), 64 << 20...1 << 40 ~= bytes else { throw Self.fault(text) }
            permissions.memory = bytes
        default: throw Self.fault(text)
        }
        self.init(plugin: words.count == 2 ? String(words[0]) : nil, permissions)
    }

    private static func fault(_ text: String) -> ToolHostError {
        let kind = String(text.prefix { $0 != "=" }.split(separator: ":").last ?? "")
        let kinds = ["read", "write", "spawn", "network", "env", "memory"]
        let question = kinds.contains(kind) ? "" : NearNames.question(kind, among: kinds)
        return ToolHostError(
            message:
                "\(text.prefix(200)): expected [PLUGIN:]read=PATH, write=PATH, spawn=PATH, network=PORT, env=NAME or "
                + "memory=BYTES, with absolute paths, a port from 1 to 65535, and from 67108864 to 1099511627776 bytes."
                + question
        )
    }
}
