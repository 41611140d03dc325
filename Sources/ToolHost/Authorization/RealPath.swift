import Glibc

/// Finds what a path really names, so that grants are judged, shown, recorded and enforced as one and the same.
///
/// Unlike `realpath`, it follows no link that the plugin itself may have put there, and none into one process's part of
/// `/proc`: `/proc/self/root` is `/`, and what it looks like is harmless.
struct RealPath: Sendable {
    /// The real directories in which the plugin may put links.
    private let changeable: [String]

    private static let maximumLinks = 40

    /// - Parameter changeable: The directories that the plugin may change, under whatever names.
    init(changeable: [String] = []) {
        // Here links are followed, wherever they lie: the more directories are known, the less is followed later.
        self.changeable = changeable.compactMap { try? RealPath([]).resolve($0) }
    }

    private init(_ changeable: [String]) { self.changeable = changeable }

    /// The real path, as far as there is something; the rest as it stands.
    ///
    /// - Parameter path: An absolute path.
    /// - Throws: ``ToolHostError`` in a sentence that says what it leads to.
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
            guard !Self.isOfOneProcess(found) else { throw Self.processFault(path) }
            guard let target = Self.target(of: Self.text(found)) else { continue }
            guard !changeable.contains(where: { PluginPermissions.covers($0, directory) }) else {
                throw ToolHostError(
                    message:
                        "\(Self.text(found)) is a symbolic link in a directory that the plugin itself may change, and is "
                        + "not followed. Grant the path that it leads to."
                )
            }
            links += 1
            guard links <= Self.maximumLinks else {
                throw ToolHostError(message: "\(path) leads through too many symbolic links.")
            }
            found = target.isAbsolutePath ? [] : found.dropLast()
            rest += target.pathNames.reversed()
        }
        return Self.text(found)
    }

    /// Refuses a path that names one process's part of `/proc`, however it is written.
    static func check(_ path: String) throws(ToolHostError) {
        var found: [String] = []
        for name in path.pathNames where name != "." {
            if name == ".." { _ = found.popLast() } else { found.append(name) }
            guard !isOfOneProcess(found) else { throw processFault(path) }
        }
    }

    /// Whether it is what the kernel shows of one process: its root, its directory and its files among it.
    private static func isOfOneProcess(_ names: [String]) -> Bool {
        guard names.count > 1, names[0] == "proc" else { return false }
        let name = names[1]
        return name == "self" || name == "thread-self" || name.utf8.allSatisfy { 0x30...0x39 ~= $0 }
    }

    private static func processFault(_ path: String) -> ToolHostError {
        ToolHostError(
            message:
                "\(path) leads into one process's part of /proc, and from there anywhere. To read what the kernel tells "
                + "of processes, /proc as a whole is granted."
        )
    }

    private static func text(_ names: [String]) -> String { "/" + names.joined(separator: "/") }

    /// Where a symbolic link leads; `nil` for anything else.
    private static func target(of path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
