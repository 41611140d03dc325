import Glibc
package import ToolJSON

/// The permissions of a plugin beyond those that every program needs to run.
///
/// No grant implies another: a file that is both read and written needs both grants. Paths are real paths, resolved
/// when the user granted them. Symbolic links in them are not followed, because a plugin could have created them later.
package struct SandboxGrants: Sendable, Hashable {
    /// The real paths of readable files and directories, including everything below them.
    package var read: [String]
    /// The real paths of writable files and directories, including everything below them.
    package var write: [String]
    /// The TCP ports, on any host, that the plugin can connect to.
    package var connect: [UInt16]
    /// The real paths of programs that the plugin can start.
    ///
    /// They run in the same sandbox.
    package var spawn: [String]
    /// The memory limit in bytes.
    ///
    /// Nil means ``defaultMemoryBytes``.
    package var memoryBytes: UInt64?

    package static let defaultMemoryBytes: UInt64 = 1 << 30
    /// The range of memory limits.
    ///
    /// With less memory, loading fails and the plugin looks broken.
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
        if let memoryBytes { object["memory_bytes"] = .int(memoryBytes) }
        return .object(object)
    }

    /// Reads grants from JSON.
    ///
    /// A missing member grants nothing.
    package init(_ json: JSON) throws(SandboxError) {
        guard let object = json.object else { throw SandboxError("The grants are not a JSON object.") }
        read = try Self.paths(object["read"], "read")
        write = try Self.paths(object["write"], "write")
        spawn = try Self.paths(object["spawn"], "spawn")
        connect = []
        for element in try Self.elements(object["connect"], "connect") {
            guard let port = element.int.flatMap(UInt16.init(exactly:)), port > 0 else {
                throw SandboxError("A granted port must be a number from 1 to 65535, not \(element.text()).")
            }
            connect.append(port)
        }
        if let memory = object["memory_bytes"], !memory.isNull {
            guard let bytes = memory.int.flatMap(UInt64.init(exactly:)), Self.memoryBounds.contains(bytes) else {
                throw SandboxError(
                    "Granted memory must be a number of bytes from \(Self.memoryBounds.lowerBound) to "
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
            throw SandboxError("The paths in \"\(name)\" must be absolute and shorter than \(PATH_MAX) bytes.")
        }
        return path
    }
}
