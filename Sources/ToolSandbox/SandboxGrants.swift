import Glibc
package import ToolJSON

/// What a plugin may touch besides what every program needs to run at all.
///
/// Nothing implies anything else: what is to be written and read is granted for both. Paths are real ones, found when the
/// user was asked: a link on the way is not followed, for a plugin could have put it there since.
package struct SandboxGrants: Sendable, Hashable {
    /// Files and directories that may be read, with all below them: real paths, free of symbolic links.
    package var read: [String]
    /// Files and directories that may be changed, with all below them: real paths.
    package var write: [String]
    /// TCP ports, on any computer, that may be connected to.
    package var connect: [UInt16]
    /// Programs that may be run, in the same sandbox: real paths of files.
    package var spawn: [String]
    /// How many bytes of memory it may have; ``defaultMemoryBytes`` where `nil`.
    package var memoryBytes: UInt64?

    package static let defaultMemoryBytes: UInt64 = 1 << 30
    /// Too little memory even to load a plugin would look like a broken plugin.
    package static let memoryBounds: ClosedRange<UInt64> = 64 << 20...1 << 40
    package static let maximumCount = 256

    package init(
        read: [String] = [],
        write: [String] = [],
        connect: [UInt16] = [],
        spawn: [String] = [],
        memoryBytes: UInt64? = nil
    ) {
        self.read = read
        self.write = write
        self.connect = connect
        self.spawn = spawn
        self.memoryBytes = memoryBytes
    }
}

// MARK: - JSON

extension SandboxGrants {
    package var json: JSON {
        var object: JSONObject = [
            "read": .array(read.map(JSON.string)),
            "write": .array(write.map(JSON.string)),
            "connect": .array(connect.map { .int($0) }),
            "spawn": .array(spawn.map(JSON.string)),
        ]
        if let memoryBytes { object["memoryBytes"] = .int(memoryBytes) }
        return .object(object)
    }

    /// Reads grants; a member that is absent grants nothing.
    package init(_ json: JSON) throws(SandboxError) {
        guard let object = json.object else { throw SandboxError("The grants are not a JSON object.") }
        read = try Self.paths(object["read"], "read")
        write = try Self.paths(object["write"], "write")
        spawn = try Self.paths(object["spawn"], "spawn")
        connect = []
        for element in try Self.elements(object["connect"], "connect") {
            guard let port = element.int.flatMap(UInt16.init(exactly:)), port > 0 else {
                throw SandboxError("A granted port is a number from 1 to 65535, not \(element.text()).")
            }
            connect.append(port)
        }
        if let memory = object["memoryBytes"], !memory.isNull {
            guard let bytes = memory.int.flatMap(UInt64.init(exactly:)), Self.memoryBounds.contains(bytes) else {
                throw SandboxError(
                    "Granted memory is a number of bytes from \(Self.memoryBounds.lowerBound) to "
                        + "\(Self.memoryBounds.upperBound), not \(memory.text())."
                )
            }
            memoryBytes = bytes
        }
    }

    private static func elements(_ json: JSON?, _ name: String) throws(SandboxError) -> [JSON] {
        guard let json else { return [] }
        guard let array = json.array, array.count <= maximumCount else {
            throw SandboxError("The grants' \"\(name)\" is not an array of at most \(maximumCount) elements.")
        }
        return array
    }

    private static func paths(_ json: JSON?, _ name: String) throws(SandboxError) -> [String] {
        var paths: [String] = []
        for element in try elements(json, name) { paths.append(try absolutePath(element, name)) }
        return paths
    }

    static func absolutePath(_ json: JSON, _ name: String) throws(SandboxError) -> String {
        guard let path = json.string, path.hasPrefix("/"), path.utf8.count < Int(PATH_MAX), !path.utf8.contains(0)
        else {
            throw SandboxError("\"\(name)\" takes absolute paths of less than \(PATH_MAX) bytes.")
        }
        return path
    }
}
