import Glibc
import ToolJSON

/// A search for the libraries that a plugin's run path leads to, in the dynamic linker's order, with a check of each.
///
/// Libraries in the system's directories are not searched. If the choice between files depends on the processor or the
/// version of the linker, all of them are found.
struct LibrarySearch {
    /// A library of the plugin.
    struct Library {
        /// The real path.
        let path: String
        let status: stat
    }

    /// The libraries found so far.
    private(set) var found: [Library] = []

    /// The searched directories, with their state during the search.
    ///
    /// It is nil if a library was found, or if one can appear without a change of these directories.
    private(set) var absences: [PluginFindings.Directory]? = []

    /// The plugin's path as the caller gave it, for errors.
    private let plugin: String
    /// The files that were visited.
    private var visited: Set<FileIdentity.Number> = []
    /// The subdirectories that are searched before a directory, by directory.
    private var variants: [ExactKey: [String]] = [:]
    private var lookups = 0

    private static let maximumLibraries = 256
    private static let maximumDirectories = 64
    private static let maximumPath = 4096
    private static let maximumLookups = 50_000
    private static let processors = ["/glibc-hwcaps/x86-64-v4", "/glibc-hwcaps/x86-64-v3", "/glibc-hwcaps/x86-64-v2"]
    // glibc up to 2.36 combines these in this order, each at most once.
    private static let oldProcessors = ["tls", "haswell", "xeon_phi", "avx512_1", "x86_64", "aarch64", "atomics"]

    /// Creates a search.
    ///
    /// - Parameter plugin: The plugin's path as the caller gave it.
    init(plugin: String) { self.plugin = plugin }

    /// Visits the library that a binding names, and all libraries that it needs.
    ///
    /// - Parameter path: An absolute path, or one relative to the binding's directory.
    mutating func visit(
        library path: String,
        besides binding: borrowing CheckedFile,
        _ scan: inout FileScan
    ) throws(PluginError) {
        let library = try checked(path.isAbsolutePath ? path : "\(binding.path.directoryPart ?? "")/\(path)", &scan)
        add(library)
        try visit(library, at: library.path, &scan)
    }

    /// Visits the libraries that a file needs.
    ///
    /// - Parameters:
    ///   - path: The path by which the linker finds the file; the linker does not resolve links.
    ///   - inherited: The directories that the files that need it pass on (`DT_RPATH`).
    mutating func visit(
        _ file: borrowing CheckedFile,
        at path: String,
        inherited: [String] = [],
        _ scan: inout FileScan
    ) throws(PluginError) {
        visited.insert(FileIdentity(file.status).number)
        let section = try ELFDynamicSection(file.descriptor, named: plugin)
        guard !section.hasSubstitutes else {
            throw PluginError(
                .notLoadable,
                file: plugin,
                "It names libraries that replace or accompany it (DT_AUXILIARY, DT_FILTER, DT_AUDIT or DT_DEPAUDIT). "
                    + "Link it without them."
            )
        }
        let directory = path.directoryPart ?? ""
        let origin = directory.isEmpty ? "/" : directory
        let (passedOn, searched): ([String], [String])
        if let runPath = section.runPath {
            (passedOn, searched) = (inherited, try directories(runPath, origin))
        } else {
            passedOn = try directories(section.passedPath ?? "", origin) + inherited
            searched = passedOn
        }
        for name in section.needed {
            for path in try locate(try expanded(name, origin), searched, &scan) {
                try visit(needed: path, passedOn, &scan)
            }
        }
    }

    private mutating func add(_ library: borrowing CheckedFile) {
        found.append(Library(path: library.path, status: library.status))
        absences = nil
    }

    private mutating func visit(
        needed path: String,
        _ inherited: [String],
        _ scan: inout FileScan
    ) throws(PluginError) {
        let library = try checked(path, &scan)
        // Also for a file that needs itself.
        absences = nil
        guard !visited.contains(FileIdentity(library.status).number) else { return }
        guard found.count < Self.maximumLibraries else {
            throw PluginError(.notLoadable, file: plugin, "It needs more than \(Self.maximumLibraries) libraries.")
        }
        add(library)
        try visit(library, at: path, inherited: inherited, &scan)
    }

    /// Returns the files that the linker may choose for a name; empty if it searches only the system's directories.
    private mutating func locate(
        _ name: String,
        _ directories: [String],
        _ scan: inout FileScan
    ) throws(PluginError) -> [String] {
        if name.hasSlash {
            guard name.isAbsolutePath else { throw relative(name) }
            return [name]
        }
        var paths: [String] = []
        for directory in directories {
            for variant in variants(of: directory) {
                let path = "\(directory)\(variant)/\(name)"
                if try exists(path, &scan) { paths.append(path) }
            }
            let path = "\(directory)/\(name)"
            if try exists(path, &scan) { return paths + [path] }
        }
        return paths
    }

    /// True if there is a file at a path; otherwise other users must not be able to create one.
    private mutating func exists(_ path: String, _ scan: inout FileScan) throws(PluginError) -> Bool {
        lookups += 1
        guard lookups <= Self.maximumLookups else {
            throw PluginError(
                .notLoadable,
                file: plugin,
                "Its libraries can be in more than \(Self.maximumLookups) places. Link it with a shorter run path."
            )
        }
        if access(path, F_OK) == 0 { return true }
        if !scan.isKnown { try checkAbsence(of: path, &scan) }
        return false
    }

    /// Checks that other users cannot create a missing file, and records the directory in which it would appear.
    ///
    /// - Parameter path: An absolute path.
    private mutating func checkAbsence(of path: String, _ scan: inout FileScan) throws(PluginError) {
        if let error = scan.absenceError(at: path) {
            let message =
                if case .directory(_, let writer, _) = error {
                    "\(writer) could put a library at \(path), which is on the plugin's run path. Link the plugin with a run "
                        + "path that only you can write: -rpath '$ORIGIN'."
                } else {
                    "A library of the plugin would be loaded from \(path). \(error.message)"
                }
            throw PluginError(.notTrusted, file: plugin, message)
        }
        var directory = path
        var status = stat()
        // The target of a dangling link can appear without a change of the directory that holds the link.
        if absences != nil, lstat(path, &status) == 0 { absences = nil }
        while let above = directory.directoryPart {
            directory = above
            let searched = directory.isEmpty ? "/" : directory
            guard stat(searched, &status) == 0 else {
                if lstat(searched, &status) == 0 { absences = nil }
                continue
            }
            // The path is not resolved, because a link on it may lead elsewhere later.
            let place = PluginFindings.Directory(path: searched, identity: FileIdentity(status))
            if absences?.contains(place) == false { absences?.append(place) }
            return
        }
    }

    /// Returns the subdirectories that the linker searches before a directory.
    private mutating func variants(of directory: String) -> [String] {
        let key = ExactKey(directory)
        if let known = variants[key] { return known }
        let combinations = Self.combinations(in: directory, Self.oldProcessors[...])
        // Libraries can appear in each of them without a change of the directory.
        if !combinations.isEmpty { absences = nil }
        let all = Self.processors + combinations
        variants[key] = all
        return all
    }

    /// Returns the existing directories that older linkers search.
    private static func combinations(in directory: String, _ names: ArraySlice<String>) -> [String] {
        names.indices.flatMap { index -> [String] in
            let name = "/" + names[index]
            guard access(directory + name, F_OK) == 0 else { return [] }
            return combinations(in: directory + name, names[(index + 1)...]).map { name + $0 } + [name]
        }
    }

    /// Opens and checks a library.
    private func checked(_ path: String, _ scan: inout FileScan) throws(PluginError) -> CheckedFile {
        do {
            let file = try CheckedFile(path, &scan)
            try ELFHeader.check(file.descriptor, size: Int(file.status.st_size), named: plugin)
            return file
        } catch {
            throw PluginError(
                error.code,
                file: plugin,
                "It needs the library \(path). \(error.message)",
                underlyingError: error
            )
        }
    }

    /// Returns the directories of a run path.
    private func directories(_ runPath: String, _ origin: String) throws(PluginError) -> [String] {
        guard !runPath.isEmpty else { return [] }
        let entries = runPath.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard entries.count <= Self.maximumDirectories, entries.allSatisfy({ $0.count <= Self.maximumPath }) else {
            throw PluginError(
                .notLoadable,
                file: plugin,
                "Its run path has more than \(Self.maximumDirectories) directories, or one of more than \(Self.maximumPath) bytes."
            )
        }
        var directories: [String] = []
        for entry in entries {
            let directory = try expanded(String(Substring(entry)), origin)
            guard directory.isAbsolutePath else { throw relative(String(Substring(entry))) }
            directories.append(directory)
        }
        return directories
    }

    /// Returns a path or name in which `$ORIGIN` is replaced by the directory of the file that contains it.
    private func expanded(_ path: String, _ origin: String) throws(PluginError) -> String {
        var (start, rest) = ("", Substring(path))
        for name in ["$ORIGIN", "${ORIGIN}"] where path.utf8.starts(with: name.utf8) {
            (start, rest) = (origin, Substring(path.utf8.dropFirst(name.utf8.count)))
        }
        // A longer name is another variable, and the values of other variables differ between machines.
        let isWhole = start.isEmpty || rest.isEmpty || rest.utf8.first == UInt8(ascii: "/")
        guard isWhole, !rest.utf8.contains(UInt8(ascii: "$")) else { throw relative(path) }
        return start + rest
    }

    /// The error for a path whose meaning depends on the working directory or the machine.
    private func relative(_ path: String) -> PluginError {
        PluginError(
            .notTrusted,
            file: plugin,
            "Its libraries are searched in \"\(path)\", which can be a different directory each time. Link it with a run "
                + "path that begins with / or $ORIGIN."
        )
    }
}
