import Glibc

/// What a shared library tells the dynamic linker: the libraries it needs, and where it wants them looked for.
///
/// Layout: the System V ABI, chapters 4 and 5, for 64-bit little-endian files, which ``ELFHeader`` has checked for.
struct ELFDynamicSection {
    /// The names of the libraries (`DT_NEEDED`).
    private(set) var needed: [String] = []
    /// Directories, between colons (`DT_RUNPATH`).
    private(set) var runPath: String?
    /// The same in its older form, which holds for what the libraries need, too (`DT_RPATH`).
    private(set) var passedPath: String?
    /// The name that programs which were linked against it ask for (`DT_SONAME`).
    private(set) var name: String?
    /// Whether it names libraries that are loaded beside it or in its place (`DT_AUXILIARY`, `DT_FILTER`, `DT_AUDIT`,
    /// `DT_DEPAUDIT`).
    private(set) var hasSubstitutes = false

    private enum Tag {
        static let needed: UInt64 = 1
        static let texts: UInt64 = 5
        static let textsSize: UInt64 = 10
        static let name: UInt64 = 14
        static let passedPath: UInt64 = 15
        static let runPath: UInt64 = 29
        static let substitutes: Set<UInt64> = [0x7FFF_FFFD, 0x7FFF_FFFF, 0x6FFF_FEFC, 0x6FFF_FEFB]
    }

    private struct Segment {
        let address: UInt64
        let offset: UInt64
        let size: UInt64
    }

    private static let maximumSegments = 128
    private static let maximumBytes = 1 << 20
    private static let maximumNeeded = 256
    /// In bytes: of a file's name, of a path, and of all directories of a run path.
    private static let (maximumName, maximumPath, maximumRunPath) = (255, 4095, 64 * 4097)

    /// A file without such a section needs nothing.
    init(_ file: Int32, named path: String) throws(PluginError) {
        let reader = ELFReader(file, named: path)
        let (loaded, dynamic) = try Self.segments(reader)
        guard let dynamic else { return }
        let values = try Self.values(reader, loaded, dynamic)
        hasSubstitutes = values.keys.contains(where: Tag.substitutes.contains)
        guard [Tag.needed, Tag.name, Tag.passedPath, Tag.runPath].contains(where: { values[$0] != nil }) else { return }
        // Where one is given twice, the dynamic linker takes the last.
        guard let address = values[Tag.texts]?.last, let length = values[Tag.textsSize]?.last,
            length <= Self.maximumBytes
        else { throw reader.damaged }
        let texts = try reader.bytes(at: Self.place(of: address, loaded, reader), count: Int(length))
        func text(_ offset: UInt64, limit: Int) throws(PluginError) -> String {
            guard offset < texts.count, let end = texts[Int(offset)...].prefix(limit + 1).firstIndex(of: 0)
            else { throw reader.damaged }
            guard let text = String(validating: texts[Int(offset)..<end], as: UTF8.self) else {
                throw reader.refusal("It names a library, or a directory of libraries, in bytes that are not UTF-8.")
            }
            return text
        }
        let names = values[Tag.needed] ?? []
        guard names.count <= Self.maximumNeeded else {
            throw reader.refusal("It names more than \(Self.maximumNeeded) libraries that it needs.")
        }
        for offset in names {
            let name = try text(offset, limit: Self.maximumPath)
            guard name.utf8.count <= Self.maximumName || name.utf8.contains(UInt8(ascii: "/")) else {
                throw reader.damaged
            }
            needed.append(name)
        }
        if let offset = values[Tag.name]?.last { name = try text(offset, limit: Self.maximumPath) }
        if let offset = values[Tag.runPath]?.last { runPath = try text(offset, limit: Self.maximumRunPath) }
        if let offset = values[Tag.passedPath]?.last { passedPath = try text(offset, limit: Self.maximumRunPath) }
    }

    /// What is loaded of the file, and where in memory its dynamic section is.
    private static func segments(_ reader: ELFReader) throws(PluginError) -> (loaded: [Segment], dynamic: Segment?) {
        let header = try reader.bytes(at: 0, count: 64)
        let (offset, size, count) = (header.number(32), header.short(54), header.short(56))
        guard size == 56, count <= maximumSegments else { throw reader.damaged }
        let table = try reader.bytes(at: offset, count: size * count)
        var (loaded, dynamic): ([Segment], Segment?) = ([], nil)
        for entry in stride(from: 0, to: table.count, by: size) {
            let segment = Segment(
                address: table.number(entry + 16),
                offset: table.number(entry + 8),
                size: table.number(entry + 32)
            )
            switch table.number(entry) & 0xFFFF_FFFF {
            case 1: loaded.append(segment)
            case 2: dynamic = segment
            default: break
            }
        }
        return (loaded, dynamic)
    }

    /// Where in the file an address in memory comes from.
    private static func place(
        of address: UInt64,
        _ loaded: [Segment],
        _ reader: ELFReader
    ) throws(PluginError) -> UInt64 {
        // What is loaded later lies on top.
        let segment = loaded.last { address >= $0.address && address - $0.address < $0.size }
        guard let place = segment.map({ $0.offset.addingReportingOverflow(address - $0.address) }), !place.overflow
        else { throw reader.damaged }
        return place.partialValue
    }

    /// The entries of the dynamic section, by their tags, in their order.
    private static func values(
        _ reader: ELFReader,
        _ loaded: [Segment],
        _ dynamic: Segment
    ) throws(PluginError) -> [UInt64: [UInt64]] {
        guard dynamic.size <= maximumBytes else { throw reader.damaged }
        let entries = try reader.bytes(at: place(of: dynamic.address, loaded, reader), count: Int(dynamic.size) & ~15)
        var values: [UInt64: [UInt64]] = [:]
        for entry in stride(from: 0, to: entries.count, by: 16) {
            let tag = entries.number(entry)
            if tag == 0 { break }
            values[tag, default: []].append(entries.number(entry + 8))
        }
        return values
    }
}
