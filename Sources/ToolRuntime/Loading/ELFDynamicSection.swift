import Glibc

/// What a shared library tells the dynamic linker: the libraries it needs, and where it wants them looked for.
///
/// Layout: the System V ABI, chapters 4 and 5, for 64-bit little-endian files, which ``ELFHeader`` has checked for.
struct ELFDynamicSection {
    /// The names of the libraries (`DT_NEEDED`).
    private(set) var needed: [String] = []
    /// Folders, between colons (`DT_RUNPATH`).
    private(set) var runPath: String?
    /// The same in its older form, which holds for what the libraries need, too (`DT_RPATH`).
    private(set) var passedPath: String?
    /// The name that programs which were linked against it ask for (`DT_SONAME`).
    private(set) var name: String?

    private static let maximumSegments = 128
    private static let maximumBytes = 1 << 20

    /// A file without such a section needs nothing.
    init(_ file: Int32, named path: String) throws(PluginError) {
        let reader = ELFReader(file, named: path)
        let header = try reader.bytes(at: 0, count: 64)
        let (offset, size, count) = (header.number(32), header.short(54), header.short(56))
        guard size == 56, count <= Self.maximumSegments else { throw reader.damaged }
        let table = try reader.bytes(at: offset, count: size * count)
        var (loaded, dynamic): ([(address: UInt64, offset: UInt64, size: UInt64)], (UInt64, UInt64)?) = ([], nil)
        for entry in stride(from: 0, to: table.count, by: size) {
            let place = (offset: table.number(entry + 8), size: table.number(entry + 32))
            switch table.number(entry) & 0xFFFF_FFFF {
            case 1: loaded.append((table.number(entry + 16), place.offset, place.size))
            case 2: dynamic = place
            default: break
            }
        }
        guard let dynamic else { return }
        guard dynamic.1 <= Self.maximumBytes else { throw reader.damaged }
        let entries = try reader.bytes(at: dynamic.0, count: Int(dynamic.1) & ~15)
        var values: [UInt64: [UInt64]] = [:]
        for entry in stride(from: 0, to: entries.count, by: 16) {
            let tag = entries.number(entry)
            if tag == 0 { break }
            if [1, 5, 10, 14, 15, 29].contains(tag) { values[tag, default: []].append(entries.number(entry + 8)) }
        }
        let wanted = [1, 14, 15, 29].flatMap { values[$0] ?? [] }
        guard !wanted.isEmpty else { return }
        guard let address = values[5]?.first, let length = values[10]?.first, length <= Self.maximumBytes,
            let segment = loaded.first(where: { address >= $0.address && address - $0.address < $0.size })
        else { throw reader.damaged }
        let place = segment.offset.addingReportingOverflow(address - segment.address)
        guard !place.overflow else { throw reader.damaged }
        let texts = try reader.bytes(at: place.partialValue, count: Int(length))
        func text(_ offset: UInt64) throws(PluginError) -> String {
            guard offset < texts.count, let end = texts[Int(offset)...].firstIndex(of: 0) else { throw reader.damaged }
            return String(decoding: texts[Int(offset)..<end], as: UTF8.self)
        }
        for offset in values[1] ?? [] { needed.append(try text(offset)) }
        if let offset = values[14]?.first { name = try text(offset) }
        if let offset = values[29]?.first { runPath = try text(offset) }
        if let offset = values[15]?.first { passedPath = try text(offset) }
    }
}
