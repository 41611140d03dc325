import Glibc
import TestSupport

/// A shared library that has only a header, two segments, strings and a dynamic section.
struct CraftedLibrary {
    var needed: [String] = []
    var name: String?
    /// `DT_RUNPATH`.
    var runPath: String?
    /// `DT_RPATH`.
    var passedPath: String?
    /// Additional entries of the dynamic section.
    var entries: [(tag: Int, value: Int)] = []

    /// The address and the offset in the file of the strings.
    static let base = 0x1000
    #if arch(arm64)
        static let machine = 183
    #else
        static let machine = 62
    #endif

    /// The number of bytes of the strings.
    var stringBytes: Int { strings.bytes.count }

    /// The strings, and the dynamic section without the entries that describe them.
    private var strings: (bytes: [UInt8], entries: [(tag: Int, value: Int)]) {
        var bytes: [UInt8] = [0]
        var entries: [(tag: Int, value: Int)] = []
        let named =
            needed.map { (1, $0) }
            + [(14, name), (29, runPath), (15, passedPath)].compactMap { tag, string in
                string.map { (tag, $0) }
            }
        for (tag, string) in named {
            entries.append((tag, bytes.count))
            bytes += Array(string.utf8) + [0]
        }
        return (bytes, entries)
    }

    /// The content of the file.
    var bytes: [UInt8] {
        let (strings, named) = strings
        let all = named + [(5, Self.base), (10, strings.count)] + entries + [(0, 0)]
        let dynamic = all.flatMap { little($0.tag, 8) + little($0.value, 8) }
        let size = strings.count + dynamic.count
        let start =
            Self.header() + Self.segment(1, Self.base, size)
            + Self.segment(2, Self.base + strings.count, dynamic.count)
        return start + Array(repeating: 0, count: Self.base - start.count) + strings + dynamic
    }

    /// Returns a header of an ELF file with two segments.
    static func header(
        bits: Int = 2,
        order: Int = 1,
        type: Int = 3,
        machine: Int = machine,
        sections: (offset: Int, count: Int) = (0, 0)
    ) -> [UInt8] {
        let identity = [0x7F, 0x45, 0x4C, 0x46, bits, order, 1].map(UInt8.init) + Array(repeating: 0, count: 9)
        let numbers = [(type, 2), (machine, 2), (1, 4), (0, 8), (64, 8), (sections.offset, 8), (0, 4)]
        let sizes = [64, 56, 2, 64, sections.count, 0]
        return identity + numbers.flatMap { little($0.0, $0.1) } + sizes.flatMap { little($0, 2) }
    }

    private static func segment(_ type: Int, _ offset: Int, _ size: Int) -> [UInt8] {
        little(type, 4) + little(4, 4) + [offset, offset, offset, size, size, 4096].flatMap { little($0, 8) }
    }
}

/// Returns the bytes of a little-endian integer.
func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// Writes a file, and calls a closure with a descriptor of it.
func withFile<Result>(_ bytes: [UInt8], _ body: (Int32) throws -> Result) throws -> Result {
    let directory = try FixtureDirectory()
    let file = open(try directory.file("file", bytes), O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    return try body(file)
}
