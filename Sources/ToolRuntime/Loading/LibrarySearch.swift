import Glibc
import ToolJSON

/// Finds the libraries that a plugin's run path leads to, as the dynamic linker will, and checks each like the plugin.
///
/// What it finds in the system's own directories is the system's. Where it is the processor or the linker's version that
/// decides between files, all of them are found.
struct LibrarySearch {
    /// A library, by its real path.
    struct Library {
        let path: String
        let status: stat
    }

    private(set) var found: [Library] = []

    /// The directories in which nothing was found, as they were then.
    ///
    /// It is `nil` where something was found, and where something may come without a change of these directories.
    private(set) var absences: [PluginFindings.Directory]? = []

    /// As somebody named it.
    private let plugin: String
    /// The files that were visited.
    private var visited: Set<FileIdentity.Number> = []
    /// The directories in a directory that come before itself.
    private var variants: [ExactKey: [String]] = [:]
    private var lookups = 0

    private static let maximumLibraries = 256
    private static let maximumDirectories = 64
    private static let maximumPath = 4096
    private static let maximumLookups = 50_000
    private static let processors = ["/glibc-hwcaps/x86-64-v4", "/glibc-hwcaps/x86-64-v3", "/glibc-hwcaps/x86-64-v2"]
    // In this order, and each at most once; up to glibc 2.36.
    private static let oldProcessors = ["tls", "haswell", "xeon_phi", "avx512_1", "x86_64", "aarch64", "atomics"]

    init(plugin: String) { self.plugin = plugin }

    /// Visits the library that a binding names, and all that it needs.
    ///
    /// - Parameter path: Absolute, or from the binding's directory.
    mutating func visit(
        library path: String,
        besides binding: borrowing CheckedFile,
        _ scan: inout FileScan
    ) throws(PluginError) {
        let library = try checked(path.isAbsolutePath ? path : "\(binding.path.directoryPart ?? "")/\(path)", &scan)
        add(library)
        try visit(library, at: library.path, &scan)
    }

    /// Visits a library and all that it needs.
    ///
    /// - Parameters:
    ///   - path: Where the linker finds it: it does not ask whether that is a link.
    ///   - inherited: The directories that those who need it pass on (`DT_RPATH`).
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
                "It names libraries that are loaded beside it or in its place (DT_AUXILIARY, DT_FILTER, DT_AUDIT or "
                    + "DT_DEPAUDIT). Link it without them."
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
        // A file that needs itself has been found, too.
        absences = nil
        guard !visited.contains(FileIdentity(library.status).number) else { return }
        guard found.count < Self.maximumLibraries else {
            throw PluginError(.notLoadable, file: plugin, "It needs more than \(Self.maximumLibraries) libraries.")
        }
        add(library)
        try visit(library, at: path, inherited: inherited, &scan)
    }

    /// The files of that name that the linker may take; none where it is left to the system's directories.
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
                if try isThere(path, &scan) { paths.append(path) }
            }
            let path = "\(directory)/\(name)"
            if try isThere(path, &scan) { return paths + [path] }
        }
        return paths
    }

    private mutating func isThere(_ path: String, _ scan: inout FileScan) throws(PluginError) -> Bool {
        lookups += 1
        guard lookups <= Self.maximumLookups else {
            throw PluginError(
                .notLoadable,
                file: plugin,
                "Its libraries may lie in more than \(Self.maximumLookups) places. Link it with a shorter run path."
            )
        }
        if access(path, F_OK) == 0 { return true }
        if !scan.isKnown { try checkAbsence(of: path, &scan) }
        return false
    }

    /// Checks that other users cannot create a missing file, and records the directory whose change would show that.
    ///
    /// - Parameter path: An absolute path.
    private mutating func checkAbsence(of path: String, _ scan: inout FileScan) throws(PluginError) {
        if let fault = scan.faultOfAbsence(at: path) {
            let sentence =
                if case .directory(_, let writer, _) = fault {
                    "\(writer) could put a library at \(path), where it is looked for. Link the plugin with a run path "
                        + "that only you can write: -rpath '$ORIGIN'."
                } else {
                    "A library is looked for at \(path). \(fault.sentence)"
                }
            throw PluginError(.notTrusted, file: plugin, sentence)
        }
        var directory = path
        var status = stat()
        // What a link to nothing leads to may come without a change of the directory that holds the link.
        if absences != nil, lstat(path, &status) == 0 { absences = nil }
        while let above = directory.directoryPart {
            directory = above
            let text = directory.isEmpty ? "/" : directory
            guard stat(text, &status) == 0 else {
                if lstat(text, &status) == 0 { absences = nil }
                continue
            }
            // By the path that is looked at: a link on it may lead elsewhere later.
            let place = PluginFindings.Directory(path: text, identity: FileIdentity(status))
            if absences?.contains(place) == false { absences?.append(place) }
            return
        }
    }

    private mutating func variants(of directory: String) -> [String] {
        let key = ExactKey(directory)
        if let known = variants[key] { return known }
        let combinations = Self.combinations(in: directory, Self.oldProcessors[...])
        // Each of them may come and go by itself.
        if !combinations.isEmpty { absences = nil }
        let all = Self.processors + combinations
        variants[key] = all
        return all
    }

    /// The directories that are there of those that older linkers look at.
    private static func combinations(in directory: String, _ names: ArraySlice<String>) -> [String] {
        names.indices.flatMap { index -> [String] in
            let name = "/" + names[index]
            guard access(directory + name, F_OK) == 0 else { return [] }
            return combinations(in: directory + name, names[(index + 1)...]).map { name + $0 } + [name]
        }
    }

    private func checked(_ path: String, _ scan: inout FileScan) throws(PluginError) -> CheckedFile {
        do {
            let file = try CheckedFile(path, &scan)
            try ELFHeader.check(file.descriptor, size: Int(file.status.st_size), named: plugin)
            return file
        } catch {
            throw PluginError(error.code, file: plugin, "The library \(path), which it needs: \(error.message)")
        }
    }

    /// The directories of a run path.
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

    /// A path or name with the directory of the file that names it put in.
    private func expanded(_ text: String, _ origin: String) throws(PluginError) -> String {
        var (start, rest) = ("", Substring(text))
        for name in ["$ORIGIN", "${ORIGIN}"] where text.utf8.starts(with: name.utf8) {
            (start, rest) = (origin, Substring(text.utf8.dropFirst(name.utf8.count)))
        }
        // A longer name that begins like it is another name, and others mean something else on each machine.
        let isWhole = start.isEmpty || rest.isEmpty || rest.utf8.first == UInt8(ascii: "/")
        guard isWhole, !rest.utf8.contains(UInt8(ascii: "$")) else { throw relative(text) }
        return start + rest
    }

    private func relative(_ path: String) -> PluginError {
        PluginError(
            .notTrusted,
            file: plugin,
            "It looks for libraries in \"\(path)\", which may be another directory each time. Link it with a run path that "
                + "begins with / or $ORIGIN."
        )
    }
}
