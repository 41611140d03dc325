public import ToolJSON

/// What a plugin may touch: as its manifest asks for it, or as its user has granted it.
public struct PluginPermissions: Sendable, Hashable {
    /// Files and directories that it reads, with all below them.
    ///
    /// In a manifest a path may be `${KEY}`, the user's value of a configuration key.
    public var read: [String] = []
    /// Files and directories that it changes, with all below them.
    public var write: [String] = []
    /// TCP ports that it connects to, on any computer.
    public var network: [UInt16] = []
    /// Programs that it starts.
    public var spawn: [String] = []
    /// Variables of the environment that it sees.
    public var environment: [String] = []
    /// Bytes of memory, where it needs more than usual.
    public var memory: UInt64?

    /// None.
    public init() {}

    /// Whether there is nothing in it.
    public var isEmpty: Bool {
        read.isEmpty && write.isEmpty && network.isEmpty && spawn.isEmpty && environment.isEmpty && memory == nil
    }

    /// Directories in which nobody keeps secrets from a plugin: what the system tells everybody.
    private static let publicDirectories = ["/proc", "/sys", "/usr"]

    /// What of ``read`` is the user's own, where these are real paths.
    public var privateReads: [String] {
        read.filter { path in !Self.publicDirectories.contains { Self.covers($0, path) } }
    }

    /// Whether it could carry off what it reads.
    public var canLeak: Bool { !privateReads.isEmpty && !network.isEmpty }

    // MARK: - Sums and differences

    /// All of both.
    public func union(_ other: PluginPermissions) -> PluginPermissions {
        // Most plugins ask for nothing and have nothing.
        if other.isEmpty { return self }
        if isEmpty { return other }
        func both(_ path: KeyPath<PluginPermissions, [String]>) -> [String] {
            self[keyPath: path] + other[keyPath: path].filter { !self[keyPath: path].hasExactly($0) }
        }
        var sum = PluginPermissions()
        sum.read = both(\.read)
        sum.write = both(\.write)
        sum.network = network + other.network.filter { !network.contains($0) }
        sum.spawn = both(\.spawn)
        sum.environment = both(\.environment)
        sum.memory = [memory, other.memory].compactMap(\.self).max()
        return sum
    }

    /// What others do not cover: a granted directory covers what lies in it.
    public func subtracting(_ other: PluginPermissions) -> PluginPermissions {
        if isEmpty { return self }
        func uncovered(_ path: KeyPath<PluginPermissions, [String]>) -> [String] {
            self[keyPath: path].filter { wanted in !other[keyPath: path].contains { Self.covers($0, wanted) } }
        }
        var rest = PluginPermissions()
        rest.read = uncovered(\.read)
        rest.write = uncovered(\.write)
        rest.network = network.filter { !other.network.contains($0) }
        rest.spawn = spawn.filter { !other.spawn.hasExactly($0) }
        rest.environment = environment.filter { !other.environment.hasExactly($0) }
        rest.memory = memory.flatMap { $0 <= other.memory ?? 0 ? nil : $0 }
        return rest
    }

    /// Whether a path is a directory or lies in it.
    static func covers(_ directory: String, _ path: String) -> Bool {
        // Nothing is said of a path that climbs.
        let (directoryNames, names) = (directory.pathNames, path.pathNames)
        guard directory.isAbsolutePath == path.isAbsolutePath, names.count >= directoryNames.count,
            !names.contains("..")
        else { return false }
        return zip(directoryNames, names).allSatisfy { $0.hasSameBytes(as: $1) }
    }

    /// The configuration key that a path of a manifest stands for, if it does: `root` for `${root}`.
    ///
    /// A path stands for one key as a whole: `${a}/${b}` and `${a}/b` are not paths that a manifest may have.
    static func key(of path: String) -> String? {
        guard path.utf8.starts(with: "${".utf8), path.utf8.last == UInt8(ascii: "}") else { return nil }
        let key = String(path.dropFirst(2).dropLast())
        return Identifier.isPluginName(key) ? key : nil
    }

    /// True if a path may stand in a manifest, a lock file or the configuration.
    static func isUsablePath(_ path: String) -> Bool {
        path.isAbsolutePath && path.utf8.count < 4096 && !Identifier.hasHiddenCharacters(path)
    }

    /// The paths that stand for a configuration key, except for some keys.
    func placeholders(besides known: some Collection<String>) -> PluginPermissions {
        var placeholders = PluginPermissions()
        for list in [\PluginPermissions.read, \.write, \.spawn] {
            placeholders[keyPath: list] = self[keyPath: list].filter { path in
                Self.key(of: path).map { !known.contains($0) } ?? false
            }
        }
        return placeholders
    }

    // MARK: - Words and JSON

    /// One phrase for each, for people: "read /srv/notes".
    public var phrases: [String] { phrases(values: [:]) }

    /// One phrase for each, for people, with the configuration key of a path that stands for one.
    ///
    /// - Parameters:
    ///   - values: The paths that keys stand for.
    ///   - note: The words about a key that is not among them, if any.
    public func phrases(values: [String: String], otherwise note: String? = "not configured yet") -> [String] {
        func phrase(_ verb: String, _ path: String) -> String {
            guard let key = Self.key(of: path) else { return "\(verb) \(path)" }
            if let value = values[key] { return "\(verb) \(value) (configured as \"\(key)\")" }
            return "\(Self.phrase(verb, forKey: key))\(note.map { " (\($0))" } ?? "")"
        }
        var phrases: [String] = []
        phrases += read.map { phrase("read", $0) }
        phrases += write.map { phrase("change", $0) }
        phrases += network.map { "connect to port \($0) of any computer" }
        phrases += spawn.map { phrase("run", $0) }
        phrases += environment.map { "see the variable \($0)" }
        if let memory { phrases.append("use \(memory >> 20) MiB of memory") }
        return phrases
    }

    /// One phrase for a path or a `${KEY}`: `read /srv/notes`.
    static func phrase(_ verb: String, _ path: String) -> String {
        key(of: path).map { "\(phrase(verb, forKey: $0)) (not configured yet)" } ?? "\(verb) \(path)"
    }

    private static func phrase(_ verb: String, forKey key: String) -> String {
        switch verb {
        case "run": "run the program configured as \"\(key)\""
        case "change": "write to the path configured as \"\(key)\""
        default: "\(verb) the path configured as \"\(key)\""
        }
    }

    /// The same as options of the command line: `read=/srv/notes`.
    public var options: [String] {
        read.map { "read=\($0)" } + write.map { "write=\($0)" } + network.map { "network=\($0)" }
            + spawn.map { "spawn=\($0)" } + environment.map { "env=\($0)" } + (memory.map { ["memory=\($0)"] } ?? [])
    }

    /// As a manifest has them.
    public var json: JSON {
        let lists: [(String, [JSON])] = [
            ("read", read.map(JSON.string)), ("write", write.map(JSON.string)), ("network", network.map(JSON.int)),
            ("spawn", spawn.map(JSON.string)), ("env", environment.map(JSON.string)),
        ]
        var members = JSONObject(lists.filter { !$0.1.isEmpty }.map { ($0.0, .array($0.1)) })
        if let memory { members["memory"] = .int(memory) }
        return .object(members)
    }

    private static let maximumCount = 64

    /// Reads them as a manifest has them.
    ///
    /// - Throws: ``ToolHostError`` that says what is wrong.
    public init(_ json: JSON) throws(ToolHostError) {
        guard let members = json.object else { throw Self.fault("\"permissions\" must be an object.") }
        let known = ["read", "write", "network", "spawn", "env", "memory"]
        if let (key, words) = NearNames.unknownKey(in: members, known: known) {
            throw Self.fault("\"permissions\" has the unknown key \"\(key)\"; \(words)")
        }
        read = try Self.paths(members, "read")
        write = try Self.paths(members, "write")
        spawn = try Self.paths(members, "spawn")
        for value in try Self.elements(members, "network") {
            guard let port = value.int.flatMap({ UInt16(exactly: $0) }), port > 0 else {
                throw Self.fault("\"network\" takes TCP ports from 1 to 65535, not \(value.text().prefix(40)).")
            }
            network.append(port)
        }
        for value in try Self.elements(members, "env") {
            guard let name = value.string, !name.isEmpty, name.utf8.count <= 256, !name.utf8.contains(0x3D) else {
                throw Self.fault("\"env\" takes names of variables, not \(value.text().prefix(40)).")
            }
            environment.append(name)
        }
        if let value = members["memory"] {
            guard let bytes = value.int, 64 << 20...1 << 40 ~= bytes else {
                throw Self.fault(
                    "\"memory\" is a number of bytes from 64 MiB to 1 TiB, not \(value.text().prefix(40))."
                )
            }
            memory = UInt64(bytes)
        }
    }

    private static func paths(_ members: JSONObject, _ name: String) throws(ToolHostError) -> [String] {
        var paths: [String] = []
        for value in try elements(members, name) {
            guard let path = value.string, isUsablePath(path) || key(of: path) != nil
            else { throw fault("\"\(name)\" takes absolute paths and ${KEY}, not \(value.text().prefix(80)).") }
            try RealPath.check(path)
            paths.append(path)
        }
        return paths
    }

    private static func elements(_ members: JSONObject, _ name: String) throws(ToolHostError) -> [JSON] {
        guard let values = (members[name] ?? []).array, values.count <= maximumCount else {
            throw fault("\"\(name)\" of \"permissions\" must be an array of at most \(maximumCount) elements.")
        }
        return values
    }

    private static func fault(_ sentence: String) -> ToolHostError { ToolHostError(message: sentence) }
}
