import Glibc

/// The instructions of a shared library to the dynamic linker: the libraries that it needs, and their search paths.
///
/// Layout: the System V ABI, chapters 4 and 5, for 64-bit little-endian files, which ``ELFHeader`` has checked for.
struct ELFDynamicSection {
    /// The names of the needed libraries (`DT_NEEDED`).
    private(set) var needed: [String] = []
    /// The directories to search, separated by colons (`DT_RUNPATH`).
    private(set) var runPath: String?
    /// The older form of the run path, which also applies to the needs of the needed libraries (`DT_RPATH`).
    private(set) var passedPath: String?
    /// The name that programs linked against the library ask for (`DT_SONAME`).
    private(set) var name: String?
    /// True if the library names others that are loaded beside it or in its place (`DT_AUXILIARY`, `DT_FILTER`,
    /// `DT_AUDIT`, `DT_DEPAUDIT`).
    private(set) var hasSubstitutes = false

    private enum Tag {
        static let needed: UInt64 = 1
        static let strings: UInt64 = 5
        static let stringsSize: UInt64 = 10
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
    /// The maximum lengths of a file name, of a path and of a run path, in bytes.
    private static let (maximumName, maximumPath, maximumRunPath) = (255, 4095, 64 * 4097)

    /// Reads the dynamic section of an open ELF file; a file without one needs no libraries.
    ///
    /// - Throws: ``PluginError`` if the section is damaged, exceeds a limit, or is not UTF-8.
    init(_ file: Int32, named path: String) throws(PluginError) {
        let reader = ELFReader(file, named: path)
        let (loaded, dynamic) = try Self.segments(reader)
        guard let dynamic else { return }
        let values = try Self.values(reader, loaded, dynamic)
        hasSubstitutes = values.keys.contains(where: Tag.substitutes.contains)
        guard [Tag.needed, Tag.name, Tag.passedPath, Tag.runPath].contains(where: { values[$0] != nil }) else { return }
        // The dynamic linker uses the last of several values.
        guard let address = values[Tag.strings]?.last, let length = values[Tag.stringsSize]?.last,
            length <= Self.maximumBytes
        else { throw reader.damaged }
        let strings = try reader.bytes(at: Self.fileOffset(of: address, loaded, reader), count: Int(length))
        func string(_ offset: UInt64, limit: Int) throws(PluginError) -> String {
            guard offset < strings.count, let end = strings[Int(offset)...].prefix(limit + 1).firstIndex(of: 0)
            else { throw reader.damaged }
            guard let string = String(validating: strings[Int(offset)..<end], as: UTF8.self) else {
                throw reader.refusal("The name of a library that it needs, or its run path, is not UTF-8.")
            }
            return string
        }
        let names = values[Tag.needed] ?? []
        guard names.count <= Self.maximumNeeded else {
            throw reader.refusal("It needs more than \(Self.maximumNeeded) libraries.")
        }
        for offset in names {
            let name = try string(offset, limit: Self.maximumPath)
            guard name.utf8.count <= Self.maximumName || name.utf8.contains(UInt8(ascii: "/")) else {
                throw reader.damaged
            }
            needed.append(name)
        }
        if let offset = values[Tag.name]?.last { name = try string(offset, limit: Self.maximumPath) }
        if let offset = values[Tag.runPath]?.last { runPath = try string(offset, limit: Self.maximumRunPath) }
        if let offset = values[Tag.passedPath]?.last { passedPath = try string(offset, limit: Self.maximumRunPath) }
    }

    /// The segments that are loaded, and the one with the dynamic section.
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

    /// Returns the offset in the file of an address in memory.
    private static func fileOffset(
        of address: UInt64,
        _ loaded: [Segment],
        _ reader: ELFReader
    ) throws(PluginError) -> UInt64 {
        // A later segment covers an earlier one.
        let segment = loaded.last { address >= $0.address && address - $0.address < $0.size }
        guard let offset = segment.map({ $0.offset.addingReportingOverflow(address - $0.address) }), !offset.overflow
        else { throw reader.damaged }
        return offset.partialValue
    }

    /// The values of the dynamic section by tag, in their order.
    private static func values(
        _ reader: ELFReader,
        _ loaded: [Segment],
        _ dynamic: Segment
    ) throws(PluginError) -> [UInt64: [UInt64]] {
        guard dynamic.size <= maximumBytes else { throw reader.damaged }
        let start = try fileOffset(of: dynamic.address, loaded, reader)
        let entries = try reader.bytes(at: start, count: Int(dynamic.size) & ~15)
        var values: [UInt64: [UInt64]] = [:]
        for entry in stride(from: 0, to: entries.count, by: 16) {
            let tag = entries.number(entry)
            if tag == 0 { break }
            values[tag, default: []].append(entries.number(entry + 8))
        }
        return values
    }
}
