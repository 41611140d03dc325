public import ToolJSON
import ToolRuntime

extension PluginPermissions {
    private static let maximumCount = 64

    /// The permissions as the `permissions` object of a manifest.
    public var json: JSON {
        let lists: [(String, [JSON])] = [
            ("read", read.map(JSON.string)), ("write", write.map(JSON.string)), ("network", network.map(JSON.int)),
            ("spawn", spawn.map(JSON.string)), ("env", environment.map(JSON.string)),
        ]
        var members = JSONObject(lists.filter { !$0.1.isEmpty }.map { ($0.0, .array($0.1)) })
        if let memory { members["memory"] = .int(memory) }
        return .object(members)
    }

    /// Reads the `permissions` object of a manifest.
    ///
    /// - Throws: ``ToolHostError`` if a key is unknown, a value is invalid, or a list has more than 64 elements.
    public init(_ json: JSON) throws(ToolHostError) {
        guard let members = json.object else { throw Self.error("\"permissions\" must be an object.") }
        let known = ["read", "write", "network", "spawn", "env", "memory"]
        if let (key, words) = NearNames.unknownKey(in: members, known: known) {
            throw Self.error("\"permissions\" has the unknown key \"\(key)\"; \(words)")
        }
        read = try Self.paths(members, "read")
        write = try Self.paths(members, "write")
        spawn = try Self.paths(members, "spawn")
        for value in try Self.elements(members, "network") {
            guard let port = value.int.flatMap({ UInt16(exactly: $0) }), port > 0 else {
                throw Self.error("\"network\" takes TCP ports from 1 to 65535, not \(value.text().prefix(40)).")
            }
            network.append(port)
        }
        for value in try Self.elements(members, "env") {
            guard let name = value.string, !name.isEmpty, name.utf8.count <= 256, !name.utf8.contains(0x3D) else {
                throw Self.error("\"env\" takes names of variables, not \(value.text().prefix(40)).")
            }
            environment.append(name)
        }
        if let value = members["memory"] {
            guard let bytes = value.int.flatMap({ UInt64(exactly: $0) }), Self.memoryRange.contains(bytes) else {
                throw Self.error(
                    "\"memory\" is a number of bytes from 64 MiB to 1 TiB, not \(value.text().prefix(40))."
                )
            }
            memory = bytes
        }
    }

    private static func paths(_ members: JSONObject, _ name: String) throws(ToolHostError) -> [String] {
        var paths: [String] = []
        for value in try elements(members, name) {
            guard let path = value.string, isUsablePath(path) || key(of: path) != nil
            else { throw error("\"\(name)\" takes absolute paths and ${KEY}, not \(value.text().prefix(80)).") }
            try RealPath.check(path)
            paths.append(path)
        }
        return paths
    }

    private static func elements(_ members: JSONObject, _ name: String) throws(ToolHostError) -> [JSON] {
        guard let values = (members[name] ?? []).array, values.count <= maximumCount else {
            throw error("\"\(name)\" of \"permissions\" must be an array of at most \(maximumCount) elements.")
        }
        return values
    }

    private static func error(_ message: String) -> ToolHostError {
        ToolHostError(.invalidConfiguration, message: message)
    }
}
