import ToolRuntime

/// A library by a name of the linker (`sqlite3`), a file name (`libsqlite3.so.0`) or a path.
struct NamedLibrary {
    let library: SharedLibrary
    /// The library, as a binding names it.
    let reference: String
    /// The name without `lib` and the suffix.
    let stem: String
    /// The directories of its headers, besides the standard ones.
    let headerDirectories: [String]
    /// The directories of the manual.
    let manualDirectories: [String]

    init(_ name: String) throws(BindingError) {
        if name.contains("/") {
            library = try Self.read(name)
            reference = library.path
            let directory = library.path[..<(library.path.lastIndex(of: "/") ?? library.path.startIndex)]
            headerDirectories = ["\(directory)", "\(directory)/../include"]
            manualDirectories = ["\(directory)/../share/man"] + SystemDirectories.manuals
        } else {
            let file = try Self.find(name)
            library = try Self.read(file)
            reference = library.name ?? String(file.split(separator: "/").last ?? "")
            headerDirectories = []
            manualDirectories = SystemDirectories.manuals
        }
        let file = String(name.split(separator: "/").last ?? "")
        let base = file.split(separator: ".", maxSplits: 1).first.map(String.init) ?? file
        stem = base.hasPrefix("lib") && file.contains(".so") ? String(base.dropFirst(3)) : base
    }

    private static func read(_ path: String) throws(BindingError) -> SharedLibrary {
        do {
            return try SharedLibrary(reading: path)
        } catch {
            throw BindingError(.notFound, error.description, underlyingError: error)
        }
    }

    // MARK: - The system's libraries

    private static func find(_ name: String) throws(BindingError) -> String {
        let directories = SystemDirectories.libraries
        let names = name.contains(".so") ? [name] : [name, "lib\(name)"]
        for directory in directories {
            for name in names {
                if let file = find(name, in: directory) { return file }
            }
        }
        throw BindingError(
            .notFound,
            "There is no library \(name) in \(directories.joined(separator: ", ")). Use the name for the linker (sqlite3 for "
                + "libsqlite3.so), the name of the file, or a path.",
            remedy: .chooseName(name, known: knownNames(in: directories, areFiles: name.contains(".so")))
        )
    }

    /// Returns the names of the libraries in directories: names for the linker, or names of files.
    private static func knownNames(in directories: [String], areFiles: Bool) -> [String] {
        var names: Set<String> = []
        for file in directories.flatMap(SystemDirectories.files) where file.hasPrefix("lib") {
            guard let end = file.firstRange(of: ".so") else { continue }
            names.insert(areFiles ? file : String(file.dropFirst(3).prefix(upTo: end.lowerBound)))
        }
        return names.sorted()
    }

    /// Returns the file with a name, the file to link against, or the file with the shortest version number.
    private static func find(_ name: String, in directory: String) -> String? {
        let isLibrary = { (path: String) in (try? SharedLibrary(reading: path)) != nil }
        if name.contains(".so") { return isLibrary("\(directory)/\(name)") ? "\(directory)/\(name)" : nil }
        // It may be a linker script, as for the C library.
        if isLibrary("\(directory)/\(name).so") { return "\(directory)/\(name).so" }
        let numbered = SystemDirectories.files(in: directory).filter { file in
            file.hasPrefix("\(name).so.") && file.dropFirst(name.count + 4).allSatisfy { $0.isNumber || $0 == "." }
        }
        let shortest = numbered.min { ($0.count, $0) < ($1.count, $1) }
        return shortest.map { "\(directory)/\($0)" }.flatMap { isLibrary($0) ? $0 : nil }
    }
}
