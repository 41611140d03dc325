import Glibc
import ToolRuntime

/// The files of a search path.
///
/// Nothing is loaded, and nothing is opened but directories.
struct PluginDiscovery {
    /// A file that may be a plugin.
    struct Candidate: Sendable {
        let path: String
        var naming: Naming
    }

    /// The ways in which a file is found, the one by which the user means it most certainly last.
    enum Naming: Int, Sendable, Comparable {
        /// In the directory of the installed samples.
        case installed
        /// In another directory of the search path.
        case none
        /// In a directory that was named for this run.
        case directory
        /// By its own name, for this run.
        case file

        static func < (left: Naming, right: Naming) -> Bool { left.rawValue < right.rawValue }
    }

    /// The files in the order of the path, sorted by name within a directory.
    private(set) var candidates: [Candidate] = []

    /// Places that should be there and are not, in sentences.
    private(set) var missing: [(path: String, reason: String)] = []

    private static let maximumFiles = 10_000

    init(_ path: PluginSearchPath) {
        for place in path.places { visit(place) }
    }

    private mutating func visit(_ place: PluginSearchPath.Place) {
        guard let stream = opendir(place.path) else {
            let code = errno
            if code == ENOTDIR {
                candidates.append(Candidate(path: place.path, naming: place.isExplicit ? .file : .none))
            } else if place.isExplicit || code != ENOENT {
                missing.append((place.path, "Cannot be searched: \(errorText(code))."))
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
        }
        let naming: Naming = place.isExplicit ? .directory : place.isInstalled ? .installed : .none
        let directory = place.path.hasSuffix("/") ? place.path : place.path + "/"
        // By bytes: the order must not depend on the locale, or the model's prompt cache would.
        for name in Self.sorted(names) {
            candidates.append(Candidate(path: directory + name, naming: naming))
        }
    }

    /// Sorts names by their bytes; the first eight of them are compared as one number.
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
