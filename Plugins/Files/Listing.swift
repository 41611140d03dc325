import Glibc
import ToolPlugin

/// The content of a directory.
enum Listing {
    /// An entry of a directory.
    struct Entry {
        enum Kind: String {
            case file, directory, link, other
        }

        let name: String
        let kind: Kind
        let bytes: Int
    }

    private static let maximumEntries = 1000

    static func report(_ root: Root, _ path: RelativePath) throws(ToolError) -> JSON {
        let (entries, isComplete) = try entries(of: try root.directory(path), path)
        return [
            "path": .string(path.text),
            "entries": .array(
                entries.map { entry in
                    var members: JSONObject = ["name": .string(entry.name), "type": .string(entry.kind.rawValue)]
                    if entry.kind == .file { members["bytes"] = .int(entry.bytes) }
                    return .object(members)
                }
            ),
            "complete": .bool(isComplete),
        ]
    }

    /// Returns the entries of a directory, sorted by name.
    ///
    /// - Returns: At most 1000 entries, and true if the directory has no others.
    static func entries(
        of directory: Descriptor,
        _ path: RelativePath
    ) throws(ToolError) -> (entries: [Entry], isComplete: Bool) {
        // The stream closes its descriptor, so it gets a copy.
        guard let stream = fdopendir(dup(directory.number)) else {
            throw .error("\(path.text) cannot be listed: \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            if entries.count == maximumEntries { return (entries.sorted { $0.name < $1.name }, false) }
            var status = stat()
            guard fstatat(directory.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            entries.append(Entry(name: name, kind: Entry.Kind(status.st_mode), bytes: Int(status.st_size)))
        }
        return (entries.sorted { $0.name < $1.name }, true)
    }
}

extension Listing.Entry.Kind {
    fileprivate init(_ mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .directory
        case S_IFLNK: self = .link
        default: self = .other
        }
    }
}
