import ToolJSON
import ToolRuntime

/// The permissions of a plugin: those that its manifest requests, or those that the user has granted.
public struct PluginPermissions: Sendable, Hashable {
    /// The files and directories that the plugin reads, with everything below them.
    ///
    /// In a manifest a path may be `${KEY}`, the user's value of a configuration key.
    public var read: [String] = []
    /// The files and directories that the plugin changes, with everything below them.
    public var write: [String] = []
    /// The TCP ports that the plugin connects to, on any computer.
    public var network: [UInt16] = []
    /// The programs that the plugin runs.
    public var spawn: [String] = []
    /// The names of the environment variables that the plugin sees.
    public var environment: [String] = []
    /// The maximum memory of the plugin in bytes, or nil for the default.
    public var memory: UInt64?

    /// The values of ``memory`` that can be granted: 64 MiB to 1 TiB.
    static let memoryRange: ClosedRange<UInt64> = 64 << 20...1 << 40

    /// Creates an empty set of permissions.
    public init() {}

    /// A Boolean value that indicates whether there are no permissions.
    public var isEmpty: Bool {
        read.isEmpty && write.isEmpty && network.isEmpty && spawn.isEmpty && environment.isEmpty && memory == nil
    }

    /// The directories without secrets of the user: every program may read them.
    private static let publicDirectories = ["/proc", "/sys", "/usr"]

    /// The paths of ``read`` that may hold private data, if these are real paths.
    public var privateReads: [String] {
        read.filter { path in !Self.publicDirectories.contains { Self.covers($0, path) } }
    }

    /// A Boolean value that indicates whether the plugin could send private data to other computers.
    public var canLeak: Bool { !privateReads.isEmpty && !network.isEmpty }

    // MARK: - Set operations

    /// Returns the permissions of both sets.
    public func union(_ other: PluginPermissions) -> PluginPermissions {
        // Most plugins request nothing and have nothing.
        if other.isEmpty { return self }
        if isEmpty { return other }
        func both(_ path: KeyPath<PluginPermissions, [String]>) -> [String] {
            self[keyPath: path] + other[keyPath: path].filter { !self[keyPath: path].containsBytes(of: $0) }
        }
        var union = PluginPermissions()
        union.read = both(\.read)
        union.write = both(\.write)
        union.network = network + other.network.filter { !network.contains($0) }
        union.spawn = both(\.spawn)
        union.environment = both(\.environment)
        union.memory = [memory, other.memory].compactMap(\.self).max()
        return union
    }

    /// Returns the permissions that another set does not cover.
    ///
    /// A directory covers everything below it.
    public func subtracting(_ other: PluginPermissions) -> PluginPermissions {
        if isEmpty { return self }
        func uncovered(_ path: KeyPath<PluginPermissions, [String]>) -> [String] {
            self[keyPath: path].filter { wanted in !other[keyPath: path].contains { Self.covers($0, wanted) } }
        }
        var rest = PluginPermissions()
        rest.read = uncovered(\.read)
        rest.write = uncovered(\.write)
        rest.network = network.filter { !other.network.contains($0) }
        rest.spawn = spawn.filter { !other.spawn.containsBytes(of: $0) }
        rest.environment = environment.filter { !other.environment.containsBytes(of: $0) }
        rest.memory = memory.flatMap { $0 <= other.memory ?? 0 ? nil : $0 }
        return rest
    }

    /// Returns true if a path is a directory or lies below it.
    static func covers(_ directory: String, _ path: String) -> Bool {
        // A path with ".." can lead anywhere, so nothing covers it.
        let (directoryNames, names) = (directory.pathNames, path.pathNames)
        guard directory.isAbsolutePath == path.isAbsolutePath, names.count >= directoryNames.count,
            !names.contains("..")
        else { return false }
        return zip(directoryNames, names).allSatisfy { $0.hasSameBytes(as: $1) }
    }

    // MARK: - Configuration keys

    /// The configuration key that a path of a manifest stands for: `root` for `${root}`; nil for any other path.
    ///
    /// A path stands for one key as a whole: a manifest may not have `${a}/${b}` or `${a}/b`.
    static func key(of path: String) -> String? {
        guard path.utf8.starts(with: "${".utf8), path.utf8.last == UInt8(ascii: "}") else { return nil }
        let key = String(path.dropFirst(2).dropLast())
        return Identifier.isPluginName(key) ? key : nil
    }

    /// Returns true if a path is valid in a manifest, a lock file or the configuration.
    static func isUsablePath(_ path: String) -> Bool {
        path.isAbsolutePath && path.utf8.count < 4096 && !Identifier.hasHiddenCharacters(path)
    }

    /// The paths that stand for a configuration key, except for the given keys.
    func placeholders(besides known: some Collection<String>) -> PluginPermissions {
        var placeholders = PluginPermissions()
        for list in [\PluginPermissions.read, \.write, \.spawn] {
            placeholders[keyPath: list] = self[keyPath: list].filter { path in
                Self.key(of: path).map { !known.contains($0) } ?? false
            }
        }
        return placeholders
    }
}
