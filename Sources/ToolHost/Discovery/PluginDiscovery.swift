import Glibc
import ToolRuntime

/// The files of a search path that may be plugins.
///
/// It loads no file, and opens only directories.
struct PluginDiscovery {
    /// A file that may be a plugin.
    struct Candidate: Sendable {
        let path: String
        var naming: PluginEntry.Naming
    }

    /// The files in the order of the search path, sorted by name within a directory.
    private(set) var candidates: [Candidate] = []

    /// The errors about places that cannot be searched.
    private(set) var errors: [PluginError] = []

    private let includesPython: Bool

    private static let maximumFiles = 10_000

    /// - Parameter includesPython: True to find Python files in directories, too.
    init(_ path: PluginSearchPath, includesPython: Bool = true) {
        self.includesPython = includesPython
        for place in path.places { visit(place) }
    }

    private mutating func visit(_ place: PluginSearchPath.Place) {
        guard let stream = opendir(place.path) else {
            let code = errno
            if code == ENOTDIR {
                candidates.append(Candidate(path: place.path, naming: place.isExplicit ? .file : .none))
            } else if place.isExplicit || code != ENOENT {
                errors.append(PluginError(.notFound, file: place.path, "Cannot be searched: \(errorText(code))."))
            }
            return
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream), names.count < Self.maximumFiles {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let isPlugin = name.hasSuffix(".so") || name.hasSuffix(Binding.suffix)
            if isPlugin, !name.hasPrefix(".") { names.append(name) }
            // A directory such as `tests.py` is no plugin.
            if includesPython, PythonFile.pluginName(of: name) != nil, !Self.isDirectory(name, in: stream) {
                names.append(name)
            }
        }
        let naming: PluginEntry.Naming = place.isExplicit ? .directory : place.isInstalled ? .installed : .none
        let directory = place.path.hasSuffix("/") ? place.path : place.path + "/"
        // By bytes: an order that depended on the locale would spoil the model's prompt cache.
        for name in Self.sorted(names) {
            candidates.append(Candidate(path: directory + name, naming: naming))
        }
    }

    private static func isDirectory(_ name: String, in stream: OpaquePointer) -> Bool {
        var status = stat()
        return fstatat(dirfd(stream), name, &status, 0) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Sorts names by their bytes; compares the first eight bytes as one number.
    private static func sorted(_ names: [String]) -> [String] {
        let keyed = names.map { name in
            let start = name.utf8.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return (key: start << (8 * max(0, 8 - name.utf8.count)), name: name)
        }
        return keyed.sorted { left, right in
            left.key == right.key ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8) : left.key < right.key
        }.map(\.name)
    }
}
