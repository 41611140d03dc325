import Glibc
import ToolJSON

/// The completion of paths from the entries of their directories.
package enum PathCompletion {
    /// The maximum number of entries of a directory that are examined; a larger directory completes nothing.
    static let entryLimit = 50_000

    /// Returns the words that complete the path at the end of a line: that after `@`, or that of `/image`.
    ///
    /// A path with spaces after `@` is put in quotation marks, as ``LineText/typedPaths`` reads it.
    ///
    /// - Parameter home: The directory that `~` names.
    package static func completion(of text: String, home: String?) -> Completion {
        let command = "/image "
        if text.hasPrefix(command) {
            let (name, names) = names(completing: String(text.dropFirst(command.count)), home)
            return Completion(replacing: name.count, with: names)
        }
        var rest = text[...]
        var isStart = true
        while let first = rest.popFirst() {
            guard isStart, first == "@" else {
                isStart = first.isWhitespace
                continue
            }
            let isQuoted = rest.first == "\""
            let path = isQuoted ? rest.dropFirst() : rest
            guard let end = path.firstIndex(where: { isQuoted ? $0 == "\"" : $0.isWhitespace }) else {
                return completion(of: String(path), isQuoted, home)
            }
            rest = path[end...]
            isStart = false
        }
        return .none
    }

    private static func completion(of path: String, _ isQuoted: Bool, _ home: String?) -> Completion {
        var (name, names) = names(completing: path, home)
        names.removeAll { $0.contains("\"") }
        let needsQuotes = !isQuoted && names.contains { $0.contains(where: \.isWhitespace) }
        if isQuoted || needsQuotes, names.count == 1, names[0].last != "/" { names[0] += "\"" }
        if !needsQuotes { return Completion(replacing: name.count, with: names) }
        let directory = path.dropLast(name.count)
        return Completion(replacing: path.count, with: names.map { "\"" + directory + $0 })
    }

    /// Returns the last name of a path, and the names in its directory that begin with it, in order.
    ///
    /// The names of directories end with a slash. Names with hidden characters are left out, and those that begin with a
    /// dot unless the path has it.
    private static func names(completing path: String, _ home: String?) -> (name: String, names: [String]) {
        let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        var directory = path.dropLast(name.count) + "."
        if directory.hasPrefix("~/"), let home { directory = home + directory.dropFirst() }
        guard let stream = opendir(String(directory)) else { return (name, []) }
        defer { closedir(stream) }
        var names: [String] = []
        var count = 0
        while let entry = readdir(stream) {
            count += 1
            guard count <= entryLimit else { return (name, []) }
            let found = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard var found, found.utf8.starts(with: name.utf8), found.first != "." || name.first == ".",
                found != ".", found != "..", !found.unicodeScalars.contains(where: \.isHidden)
            else { continue }
            if isDirectory(directory + "/" + found, entry.pointee.d_type) { found += "/" }
            names.append(found)
        }
        return (name, names.sorted())
    }

    private static func isDirectory(_ path: some StringProtocol, _ type: UInt8) -> Bool {
        if type == UInt8(DT_DIR) { return true }
        guard type == UInt8(DT_LNK) || type == UInt8(DT_UNKNOWN) else { return false }
        var status = stat()
        return stat(String(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
