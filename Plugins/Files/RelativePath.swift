import ToolPlugin

/// A path below a directory: names without `..`.
struct RelativePath {
    let names: [String]

    /// Parses a path.
    ///
    /// - Throws: ``ToolError`` for a path that could lead out of the directory.
    init(_ path: String) throws(ToolError) {
        guard !path.hasPrefix("/") else {
            throw .invalidArguments("path: expected a path below the top directory, which does not begin with a slash")
        }
        let names = path.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !names.contains("..") else {
            throw .invalidArguments("path: expected a path below the top directory, without ..")
        }
        guard !path.utf8.contains(0), names.allSatisfy({ $0.utf8.count <= 255 }), names.count <= 64 else {
            throw .invalidArguments("path: expected at most 64 names of at most 255 bytes")
        }
        self.names = names
    }

    private init(names: [String]) { self.names = names }

    /// The path of the directory that contains this one.
    var parent: RelativePath { RelativePath(names: Array(names.dropLast())) }

    /// Returns the path of an entry of this directory.
    func appending(_ name: String) -> RelativePath { RelativePath(names: names + [name]) }

    /// The path as a string.
    var text: String { names.isEmpty ? "." : names.joined(separator: "/") }
}
