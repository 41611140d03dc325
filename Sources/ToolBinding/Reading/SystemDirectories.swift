import Glibc

/// The standard directories of libraries and manual pages.
enum SystemDirectories {
    static let manuals = ["/usr/local/share/man", "/usr/share/man"]

    /// The directories of libraries in the configuration of the dynamic linker.
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

    /// Returns the names of the files in a directory, or an empty array if it cannot be read.
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
