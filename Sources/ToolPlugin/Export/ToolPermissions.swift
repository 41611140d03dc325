import ToolJSON

/// The permissions that a plugin needs.
///
/// The user grants them. A path may be `${KEY}`, the user's value of a configuration key. Without a value, the path is
/// ignored.
public struct ToolPermissions: Sendable, Hashable {
    /// The files and directories that the plugin reads.
    public var read: [String]
    /// The files and directories that the plugin writes.
    public var write: [String]
    /// The TCP ports that the plugin connects to.
    public var network: [UInt16]
    /// The programs that the plugin starts.
    public var spawn: [String]
    /// The environment variables that the plugin reads.
    public var environment: [String]
    /// The memory that the plugin needs, in bytes, or nil for the host's default.
    public var memory: UInt64?

    /// No permissions.
    public static let none = ToolPermissions()

    /// Creates a set of permissions.
    public init(
        read: [String] = [],
        write: [String] = [],
        network: [UInt16] = [],
        spawn: [String] = [],
        environment: [String] = [],
        memory: UInt64? = nil
    ) {
        self.read = read
        self.write = write
        self.network = network
        self.spawn = spawn
        self.environment = environment
        self.memory = memory
    }

    /// The permissions in the format of a manifest.
    var json: JSONObject {
        let lists: [(String, [JSON])] = [
            ("read", read.map(JSON.string)), ("write", write.map(JSON.string)), ("network", network.map(JSON.int)),
            ("spawn", spawn.map(JSON.string)), ("env", environment.map(JSON.string)),
        ]
        var members = JSONObject(lists.filter { !$0.1.isEmpty }.map { ($0.0, .array($0.1)) })
        if let memory { members["memory"] = .int(memory) }
        return members
    }
}
