/// A library that has only a dynamic section, with more entries than any linker writes.
public struct ForgedLibrary: Sendable, CustomStringConvertible {
    /// The name of the needed library.
    public var needed: String
    /// The number of times that the library is needed.
    public var count: Int
    /// The number of directories of the run path.
    public var directories: Int

    /// Describes a library.
    public init(needed: String, count: Int, directories: Int = 0) {
        (self.needed, self.count, self.directories) = (needed, count, directories)
    }

    /// The name of the test case.
    public var description: String { "\(needed.prefix(8)) × \(count) in \(directories) directories" }

    private static let base = 0x1000

    /// The content of the file.
    public var bytes: [UInt8] {
        let path = Array(repeating: "/", count: directories).joined(separator: ":")
        let texts = [0] + Array(needed.utf8) + [0] + Array(path.utf8) + [0]
        var entries = Array(repeating: (1, 1), count: count)
        if directories > 0 { entries.append((29, needed.utf8.count + 2)) }
        entries += [(5, Self.base), (10, texts.count), (0, 0)]
        let dynamic = entries.flatMap { Self.number($0.0, 8) + Self.number($0.1, 8) }
        let size = texts.count + dynamic.count
        let header =
            [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + Array(repeating: UInt8(0), count: 9)
            + Self.number(3, 2) + Self.number(Self.machine, 2) + Self.number(1, 4) + Self.number(0, 8)
            + Self.number(64, 8) + Self.number(0, 8) + Self.number(0, 4)
            + [64, 56, 2, 64, 0, 0].flatMap { Self.number($0, 2) }
        let segments = Self.segment(1, Self.base, size) + Self.segment(2, Self.base + texts.count, dynamic.count)
        let start = header + segments
        return start + Array(repeating: 0, count: Self.base - start.count) + texts + dynamic
    }

    #if arch(arm64)
        private static let machine = 183
    #else
        private static let machine = 62
    #endif

    private static func segment(_ type: Int, _ place: Int, _ size: Int) -> [UInt8] {
        number(type, 4) + number(4, 4) + [place, place, place, size, size, 4096].flatMap { number($0, 8) }
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
