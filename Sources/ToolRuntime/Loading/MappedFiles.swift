import Glibc

/// Which files this process has mapped, as the kernel tells: proof that the code that was loaded is the file that was
/// checked.
struct MappedFiles: ~Copyable {
    // Opened before the process is confined: afterwards it could not be.
    private let maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)

    deinit { if maps >= 0 { close(maps) } }

    /// Compares the mappings that bear the path of a file, or of a library that it brings along, with one made here of
    /// that file itself.
    ///
    /// Both are seen through the same eyes, so it does not matter how a file system numbers its files. Without `/proc`
    /// there is nothing to compare, and nothing is said.
    func check(_ file: PluginFile) throws(PluginError) {
        guard maps >= 0 else { return }
        var pages: [UnsafeMutableRawPointer] = []
        defer { for page in pages { munmap(page, 1) } }
        for part in file.parts { pages.append(try Self.page(of: part, of: file)) }
        let lines = text().split(separator: "\n")
        for (part, page) in zip(file.parts, pages) {
            let start = String(UInt(bitPattern: page), radix: 16) + "-"
            guard let own = lines.first(where: { $0.hasPrefix(start) }).map(Self.identity) else { continue }
            for line in lines where line.hasSuffix(" " + part.path) || line.hasSuffix(" " + part.path + " (deleted)") {
                guard Self.identity(line) == own else { throw Self.replaced(file) }
            }
        }
    }

    /// The beginning of a file that was checked, mapped.
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
        guard fstat(descriptor, &status) == 0, [UInt64(status.st_dev), UInt64(status.st_ino)] == part.identity else {
            munmap(page, 1)
            throw replaced(file)
        }
        return page
    }

    /// Device and inode: the fourth and fifth column.
    private static func identity(_ line: Substring) -> [Substring] {
        Array(line.split(separator: " ", maxSplits: 5).dropFirst(3).prefix(2))
    }

    private func text() -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while text.count < 16 << 20 {
            let count = read(maps, &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func replaced(_ file: PluginFile) -> PluginError {
        PluginError(.notTrusted, file: file.path, "Was replaced while it was loaded. Try again.")
    }
}
