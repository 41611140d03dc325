import Glibc

/// Finds the libraries that a plugin's run path leads to, as the dynamic linker will, and checks each like the plugin.
///
/// What it finds in the system's own folders is the system's.
struct LibrarySearch {
    /// A library, by its real path.
    struct Library {
        let path: String
        let status: stat
    }

    private(set) var found: [Library] = []

    /// As somebody named it.
    private let plugin: String
    /// The real paths of what was visited.
    private var visited: Set<String> = []

    private static let maximumLibraries = 256
    // Looked at before the folder itself, from the newest processors to the oldest.
    private static let variants = ["/glibc-hwcaps/x86-64-v4", "/glibc-hwcaps/x86-64-v3", "/glibc-hwcaps/x86-64-v2", ""]

    init(plugin: String) {
        self.plugin = plugin
    }

    /// Visits the library that a binding names, and all that it needs.
    ///
    /// - Parameter path: Absolute, or from the binding's folder.
    mutating func visit(library path: String, besides binding: borrowing CheckedFile) throws(PluginError) {
        let folder = binding.path[..<(binding.path.lastIndex(of: "/") ?? binding.path.startIndex)]
        let library = try checked(path.hasPrefix("/") ? path : "\(folder)/\(path)")
        try ELFHeader.check(library.descriptor, size: Int(library.status.st_size), named: plugin)
        found.append(Library(path: library.path, status: library.status))
        try visit(library)
    }

    /// Visits a library and all that it needs.
    ///
    /// - Parameter inherited: The folders that those who need it pass on (`DT_RPATH`).
    mutating func visit(_ file: borrowing CheckedFile, inherited: [String] = []) throws(PluginError) {
        visited.insert(file.path)
        let section = try ELFDynamicSection(file.descriptor, named: plugin)
        let origin = String(file.path[..<(file.path.lastIndex(of: "/") ?? file.path.startIndex)])
        let (passedOn, searched): ([String], [String])
        if let runPath = section.runPath {
            (passedOn, searched) = (inherited, try folders(runPath, origin))
        } else {
            passedOn = try folders(section.passedPath ?? "", origin) + inherited
            searched = passedOn
        }
        for name in section.needed {
            guard let path = try locate(name, searched) else { continue }
            let library = try checked(path)
            guard !visited.contains(library.path) else { continue }
            guard found.count < Self.maximumLibraries else {
                throw PluginError(.notLoadable, file: plugin, "It needs more than \(Self.maximumLibraries) libraries.")
            }
            found.append(Library(path: library.path, status: library.status))
            try visit(library, inherited: passedOn)
        }
    }

    /// The first file of that name; `nil` where it is left to the system's folders.
    private func locate(_ name: String, _ folders: [String]) throws(PluginError) -> String? {
        if name.contains("/") {
            guard name.hasPrefix("/") else { throw relative(name) }
            return name
        }
        for folder in folders {
            for variant in Self.variants {
                let path = "\(folder)\(variant)/\(name)"
                if access(path, F_OK) == 0 { return path }
                try CheckedFile.checkAbsence(path, named: plugin)
            }
        }
        return nil
    }

    private func checked(_ path: String) throws(PluginError) -> CheckedFile {
        do {
            return try CheckedFile(path)
        } catch {
            throw PluginError(error.code, file: plugin, "The library \(path), which it needs: \(error.message)")
        }
    }

    /// The folders of a run path.
    private func folders(_ runPath: String, _ origin: String) throws(PluginError) -> [String] {
        var folders: [String] = []
        for entry in runPath.split(separator: ":", omittingEmptySubsequences: false) where !runPath.isEmpty {
            var folder = String(entry)
            for name in ["$ORIGIN", "${ORIGIN}"] where folder.hasPrefix(name) {
                folder = origin + folder.dropFirst(name.count)
            }
            guard folder.hasPrefix("/"), !folder.contains("$") else { throw relative(String(entry)) }
            folders.append(folder)
        }
        return folders
    }

    private func relative(_ path: String) -> PluginError {
        PluginError(
            .notTrusted,
            file: plugin,
            "It looks for libraries in \"\(path)\", which may be another folder each time. Link it with a run path that "
                + "begins with / or $ORIGIN."
        )
    }
}
