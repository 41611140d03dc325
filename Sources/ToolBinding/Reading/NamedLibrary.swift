import Glibc
import ToolRuntime

/// A library that somebody named: `sqlite3`, `libsqlite3.so.0` or a path.
struct NamedLibrary {
    let library: SharedLibrary
    /// How a binding names it.
    let reference: String
    /// Its name without `lib` and what follows.
    let stem: String
    /// Where its headers may be, beside the usual places.
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
            throw BindingError(.notFound, error.description)
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
            "There is no library \(name) in \(directories.joined(separator: ", ")). Name it as the linker does (sqlite3 for "
                + "libsqlite3.so), by its file's name, or by a path.",
            unknown: name,
            among: knownNames(in: directories, areFiles: name.contains(".so"))
        )
    }

    /// The libraries in directories, as the linker calls them or by their files.
    private static func knownNames(in directories: [String], areFiles: Bool) -> [String] {
        var names: Set<String> = []
        for file in directories.flatMap(SystemDirectories.files) where file.hasPrefix("lib") {
            guard let end = file.firstRange(of: ".so") else { continue }
            names.insert(areFiles ? file : String(file.dropFirst(3).prefix(upTo: end.lowerBound)))
        }
        return names.sorted()
    }

    /// The file itself, the one that programs are linked against, or else the only one with a number.
    private static func find(_ name: String, in directory: String) -> String? {
        let isLibrary = { (path: String) in (try? SharedLibrary(reading: path)) != nil }
        if name.contains(".so") { return isLibrary("\(directory)/\(name)") ? "\(directory)/\(name)" : nil }
        // It may be a text for the linker, as the C library's own is.
        if isLibrary("\(directory)/\(name).so") { return "\(directory)/\(name).so" }
        let numbered = SystemDirectories.files(in: directory).filter { file in
            file.hasPrefix("\(name).so.") && file.dropFirst(name.count + 4).allSatisfy { $0.isNumber || $0 == "." }
        }
        let shortest = numbered.min { ($0.count, $0) < ($1.count, $1) }
        return shortest.map { "\(directory)/\($0)" }.flatMap { isLibrary($0) ? $0 : nil }
    }
}

/// Where the system has things.
enum SystemDirectories {
    static let manuals = ["/usr/local/share/man", "/usr/share/man"]

    /// The directories of libraries, as the dynamic linker's configuration lists them.
    static var libraries: [String] {
        var directories: [String] = []
        for file in files(in: "/etc/ld.so.conf.d").sorted() where file.hasSuffix(".conf") {
            for line in lines(of: "/etc/ld.so.conf.d/\(file)") where line.hasPrefix("/") { directories.append(line) }
        }
        var seen: Set<String> = []
        return (directories + ["/lib64", "/usr/lib64", "/lib", "/usr/lib"]).filter {
            access($0, R_OK) == 0 && seen.insert($0).inserted
        }
    }

    static func files(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var files: [String] = []
        while let entry = readdir(stream) {
            files.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            )
        }
        return files
    }

    private static func lines(of path: String) -> [String] {
        guard let stream = fopen(path, "re") else { return [] }
        defer { fclose(stream) }
        var lines: [String] = []
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, Int32(buffer.count), stream) != nil {
            let line = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            lines.append(String(decoding: line, as: UTF8.self).filter { !$0.isWhitespace })
        }
        return lines
    }
}
