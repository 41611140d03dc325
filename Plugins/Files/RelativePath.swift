import ToolPlugin

/// A path that stays below the folder it starts from: names alone, none of which is `..`.
struct RelativePath {
    let names: [String]

    /// Takes a path apart.
    ///
    /// - Throws: ``ToolError`` where it could lead elsewhere.
    init(_ path: String) throws(ToolError) {
        guard !path.hasPrefix("/") else {
            throw .invalidArguments("path: expected a path below the top folder, which does not begin with a slash")
        }
        let names = path.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !names.contains("..") else {
            throw .invalidArguments("path: expected a path below the top folder, without ..")
        }
        guard !path.utf8.contains(0), names.allSatisfy({ $0.utf8.count <= 255 }), names.count <= 64 else {
            throw .invalidArguments("path: expected at most 64 names of at most 255 bytes")
        }
        self.names = names
    }

    private init(names: [String]) { self.names = names }

    /// The folder that it is in.
    var parent: RelativePath { RelativePath(names: Array(names.dropLast())) }

    /// The path of something in this folder.
    func appending(_ name: String) -> RelativePath { RelativePath(names: names + [name]) }

    /// The path as one writes it.
    var text: String { names.isEmpty ? "." : names.joined(separator: "/") }
}
