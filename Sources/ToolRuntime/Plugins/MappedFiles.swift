import Glibc

/// The files that this process has mapped, as reported by the kernel.
///
/// They prove that the loaded code is that of the file that was checked.
struct MappedFiles: ~Copyable {
    /// A line of `/proc/self/maps` that names a file.
    private struct Mapping {
        let start: Substring
        let isCode: Bool
        /// Device and inode.
        let identity: [Substring]
        let path: String

        init?(_ line: Substring) {
            let parts = line.split(separator: " ", maxSplits: 5)
            guard parts.count == 6 else { return nil }
            let path = parts[5].drop { $0 == " " }
            guard String(path).isAbsolutePath else { return nil }
            start = parts[0].prefix { $0 != "-" }
            isCode = parts[1].utf8.contains(UInt8(ascii: "x"))
            identity = Array(parts[3...4])
            self.path = String(path.hasSuffix(Self.deleted) ? path.dropLast(Self.deleted.count) : path)
        }

        private static let deleted = " (deleted)"
    }

    // Opened before the process is confined, because the sandbox forbids it afterwards.
    private let maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
    /// The files whose code was mapped before a plugin was loaded.
    private var own: Set<[Substring]> = []

    /// Directories whose files belong to the system.
    private static let systemDirectories = [
        "/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
    ]
    private static let linkerCache = "/etc/ld.so.cache"
    private static let maximumBytes = 16 << 20

    /// Records the mappings before a plugin is loaded.
    init() {
        guard maps >= 0 else { return }
        own = Set(mappings().filter(\.isCode).map(\.identity))
    }

    deinit { if maps >= 0 { close(maps) } }

    /// Checks that the mapped code comes from a plugin's file and its libraries, and from no unchecked file.
    ///
    /// Each mapping is compared with a new mapping of the file with the same path. Both come from `/proc/self/maps`, so
    /// the comparison works on file systems that report other numbers to `stat`. Without `/proc` nothing is checked.
    ///
    /// - Throws: ``PluginError`` with the code `notTrusted` if a file was replaced or code of another file is mapped.
    func check(_ file: PluginFile) throws(PluginError) {
        guard maps >= 0 else { return }
        var pages: [UnsafeMutableRawPointer] = []
        defer { for page in pages { munmap(page, 1) } }
        for part in file.parts { pages.append(try Self.page(of: part, of: file)) }
        let mappings = mappings()
        var checked = own
        for (part, page) in zip(file.parts, pages) {
            let start = String(UInt(bitPattern: page), radix: 16)
            guard let own = mappings.first(where: { $0.start == start })?.identity else { continue }
            checked.insert(own)
            for mapping in mappings where mapping.path.utf8.elementsEqual(part.path.utf8) {
                guard mapping.identity == own else { throw Self.replaced(file) }
            }
        }
        for mapping in mappings where mapping.isCode && !checked.contains(mapping.identity) {
            guard isSystem(mapping.path) else {
                throw PluginError(
                    .notTrusted,
                    file: file.path,
                    "It loaded \(mapping.path), which is not among the libraries that it names, so it was not checked. "
                        + "Link the plugin with that library, and with the run path that leads to it."
                )
            }
        }
    }

    /// True if a path belongs to the system, or names anonymous memory instead of a file.
    private func isSystem(_ path: String) -> Bool {
        guard let directory = path.directoryPart, !path.hasPrefix("/memfd:") else { return true }
        return Self.systemDirectories.contains { "\(directory)/".utf8.starts(with: "\($0)/".utf8) }
            || Self.linkerKnows(directory)
    }

    /// True if the cache of the dynamic linker lists libraries of a directory.
    private static func linkerKnows(_ directory: String) -> Bool {
        let file = open(linkerCache, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        // The file has a table, and then strings that end with a zero byte.
        return bytes(of: file).split(separator: 0).contains { text in
            text.lastIndex(of: UInt8(ascii: "/")).map { text[..<$0].elementsEqual(directory.utf8) } ?? false
        }
    }

    /// Maps the first page of a file that was checked.
    private static func page(
        of part: PluginFile.Part,
        of file: PluginFile
    ) throws(PluginError) -> UnsafeMutableRawPointer {
        let descriptor = open(part.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw replaced(file) }
        defer { close(descriptor) }
        var status = stat()
        let page = mmap(nil, 1, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let page, page != MAP_FAILED else { throw replaced(file) }
        guard fstat(descriptor, &status) == 0, FileIdentity(status).number == part.identity.number else {
            munmap(page, 1)
            throw replaced(file)
        }
        return page
    }

    private func mappings() -> [Mapping] {
        lseek(maps, 0, SEEK_SET)
        return String(decoding: Self.bytes(of: maps), as: UTF8.self).split(separator: "\n").compactMap(Mapping.init)
    }

    private static func bytes(of file: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < maximumBytes {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func replaced(_ file: PluginFile) -> PluginError {
        PluginError(.notTrusted, file: file.path, "Was replaced while it was loaded. Try again.")
    }
}
