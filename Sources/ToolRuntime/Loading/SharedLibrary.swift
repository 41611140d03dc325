import Glibc

/// The exported functions of a shared library, read from its file without running any of its code.
package struct SharedLibrary: Sendable {
    /// The real path, free of symbolic links.
    package let path: String
    /// The name that programs linked against it ask for.
    package let name: String?
    /// The names of the functions that it exports.
    package let functions: Set<String>

    private static let maximumSections = 4096
    private static let maximumBytes: UInt64 = 256 << 20
    /// The maximum lengths of one name and of all names, in bytes.
    private static let (maximumName, maximumNames) = (1024, 64 << 20)

    /// Reads a library.
    ///
    /// - Throws: ``PluginError`` if the host would not load the file.
    package init(reading path: String) throws(PluginError) {
        var scan = FileScan()
        let file = try CheckedFile(path, &scan)
        try ELFHeader.check(file.descriptor, size: Int(file.status.st_size), named: path)
        self.path = file.path
        name = try ELFDynamicSection(file.descriptor, named: path).name
        functions = try Self.functions(ELFReader(file.descriptor, named: path))
    }

    /// Returns the names of the functions among the dynamic symbols.
    ///
    /// Layout: the System V ABI, chapter 4, for 64-bit little-endian files.
    private static func functions(_ reader: ELFReader) throws(PluginError) -> Set<String> {
        let header = try reader.bytes(at: 0, count: 64)
        let (size, count) = (header.short(58), header.short(60))
        guard count > 0 else { return [] }
        guard size == 64, count <= maximumSections else { throw reader.damaged }
        let sections = try reader.bytes(at: header.number(40), count: size * count)
        func section(_ index: Int) throws(PluginError) -> [UInt8] {
            guard index < count else { throw reader.damaged }
            let length = sections.number(index * size + 32)
            guard length <= maximumBytes else { throw reader.damaged }
            return try reader.bytes(at: sections.number(index * size + 24), count: Int(length))
        }
        let isDynamic = { (index: Int) in sections.number(index * size) >> 32 == 11 }
        guard let index = (0..<count).first(where: isDynamic) else { return [] }
        let symbols = try section(index)
        let names = try section(Int(sections.number(index * size + 40) & 0xFFFF_FFFF))
        var functions: Set<String> = []
        var remaining = maximumNames
        for symbol in stride(from: 0, to: symbols.count - symbols.count % 24, by: 24) {
            // Functions (STT_FUNC, STT_GNU_IFUNC) that are defined here and visible to other files.
            guard [2, 10].contains(symbols[symbol + 4] & 0xF), [1, 2, 10].contains(symbols[symbol + 4] >> 4),
                [0, 3].contains(symbols[symbol + 5] & 3), symbols.short(symbol + 6) != 0
            else { continue }
            let start = Int(symbols.number(symbol) & 0xFFFF_FFFF)
            guard start < names.count else { throw reader.damaged }
            let name = names[start...].prefix(maximumName + 1).prefix { $0 != 0 }
            guard name.endIndex < names.endIndex else { throw reader.damaged }
            // No C function has a longer name, or one that is not UTF-8.
            guard name.count <= maximumName, let function = String(validating: name, as: UTF8.self) else { continue }
            remaining -= name.count + 1
            guard remaining >= 0 else {
                throw reader.refusal("The names of its functions have more than \(maximumNames) bytes.")
            }
            functions.insert(function)
        }
        return functions
    }
}
