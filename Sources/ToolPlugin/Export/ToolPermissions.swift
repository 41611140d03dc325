import ToolJSON

/// What a plugin asks to touch; the user grants it.
///
/// A path may be `${KEY}`: the user's value of a configuration key, and nothing while that is unset.
public struct ToolPermissions: Sendable, Hashable {
    /// Files and directories that it reads.
    public var read: [String]
    /// Files and directories that it writes.
    public var write: [String]
    /// TCP ports that it connects to.
    public var network: [UInt16]
    /// Programs that it starts.
    public var spawn: [String]
    /// Variables of the environment that it sees.
    public var environment: [String]
    /// The memory that it may use, in bytes, if it needs more than usual.
    public var memory: UInt64?

    /// Nothing.
    public static let none = ToolPermissions()

    /// Permissions.
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

    /// The permissions as a manifest has them.
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
