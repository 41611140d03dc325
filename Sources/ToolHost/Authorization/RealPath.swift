import Glibc
import ToolRuntime

/// Finds the real path that a path leads to, so that grants are judged, shown, recorded and enforced by the same path.
///
/// Unlike `realpath`, it rejects links that the plugin itself may have created, and paths into the part of `/proc` that
/// belongs to one process: `/proc/self/root` is `/`, and looks harmless.
struct RealPath: Sendable {
    /// The real directories in which the plugin may create links.
    private let changeable: [String]

    private static let maximumLinks = 40

    /// - Parameter changeable: The directories that the plugin may change, under any of their names.
    init(changeable: [String] = []) {
        // Every link is followed here: the more directories are known, the fewer links are followed later.
        self.changeable = changeable.compactMap { try? RealPath([]).resolve($0) }
    }

    private init(_ changeable: [String]) { self.changeable = changeable }

    /// Resolves the links of a path.
    ///
    /// Names that do not exist stay as they are.
    ///
    /// - Parameter path: An absolute path.
    /// - Throws: ``ToolHostError`` if the path leads through a rejected link, through too many links, or into one
    ///   process's part of `/proc`.
    func resolve(_ path: String) throws(ToolHostError) -> String {
        var rest = Array(path.pathNames.reversed())
        var found: [String] = []
        var links = 0
        while let name = rest.popLast() {
            if name == "." { continue }
            if name == ".." {
                _ = found.popLast()
                continue
            }
            let directory = Self.text(found)
            found.append(name)
            guard !Self.isOfOneProcess(found) else { throw Self.processError(path) }
            guard let target = Self.target(of: Self.text(found)) else { continue }
            guard !changeable.contains(where: { PluginPermissions.covers($0, directory) }) else {
                throw ToolHostError(
                    .invalidConfiguration,
                    message:
                        "\(Self.text(found)) is a symbolic link in a directory that the plugin itself may change, and is "
                        + "not followed. Grant the path that it leads to."
                )
            }
            links += 1
            guard links <= Self.maximumLinks else {
                throw ToolHostError(.invalidConfiguration, message: "\(path) leads through too many symbolic links.")
            }
            found = target.isAbsolutePath ? [] : found.dropLast()
            rest += target.pathNames.reversed()
        }
        return Self.text(found)
    }

    /// Rejects a path that names one process's part of `/proc` in any spelling.
    static func check(_ path: String) throws(ToolHostError) {
        var found: [String] = []
        for name in path.pathNames where name != "." {
            if name == ".." { _ = found.popLast() } else { found.append(name) }
            guard !isOfOneProcess(found) else { throw processError(path) }
        }
    }

    /// Returns true if a path is in the part of `/proc` that belongs to one process.
    private static func isOfOneProcess(_ names: [String]) -> Bool {
        guard names.count > 1, names[0] == "proc" else { return false }
        let name = names[1]
        return name == "self" || name == "thread-self" || name.utf8.allSatisfy { 0x30...0x39 ~= $0 }
    }

    private static func processError(_ path: String) -> ToolHostError {
        ToolHostError(
            .invalidConfiguration,
            message:
                "\(path) leads into one process's part of /proc, and from there to any file. To allow a plugin to read "
                + "about processes, grant /proc as a whole."
        )
    }

    private static func text(_ names: [String]) -> String { "/" + names.joined(separator: "/") }

    /// The target of a symbolic link; nil for anything else.
    private static func target(of path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
