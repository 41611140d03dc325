import Glibc

/// A check of the header of an ELF file, which reports the reason why `dlopen` would refuse the file.
enum ELFHeader {
    private static let size = 64
    private static let machines: [UInt16: String] = [
        3: "32-bit x86", 40: "32-bit ARM", 62: "x86-64", 183: "64-bit ARM", 243: "RISC-V", 258: "LoongArch",
    ]

    #if arch(x86_64)
        private static let machine: UInt16 = 62
    #elseif arch(arm64)
        private static let machine: UInt16 = 183
    #endif

    /// Checks that an open file is a shared library for this machine.
    ///
    /// - Parameters:
    ///   - fileSize: The size of the file in bytes.
    ///   - path: The path that errors name.
    static func check(_ file: Int32, size fileSize: Int, named path: String) throws(PluginError) {
        guard fileSize > 0 else { throw PluginError(.notLibrary, file: path, "Is empty.") }
        var header = [UInt8](repeating: 0, count: size)
        let count = pread(file, &header, size, 0)
        guard count >= 4, header.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
            throw PluginError(.notLibrary, file: path, "Is not a shared library: it has no ELF header.")
        }
        guard count == size else { throw truncated(path) }
        guard header[4] == 2, header[5] == 1 else {
            throw PluginError(.wrongArchitecture, file: path, "Was built for a 32-bit or big-endian machine.")
        }
        let built = UInt16(header[18]) | UInt16(header[19]) << 8
        guard built == machine else {
            throw PluginError(
                .wrongArchitecture,
                file: path,
                "Was built for \(machines[built] ?? "machine \(built)"); this host is \(machines[machine] ?? "another")."
            )
        }
        let type = UInt16(header[16]) | UInt16(header[17]) << 8
        guard type == 3 else {
            throw PluginError(.notLibrary, file: path, "Is an ELF file, but not a shared library. Use -shared.")
        }
        // A file that ends before its section table is truncated: mapping it would fault inside dlopen.
        let sections = header[40..<48].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let entry = UInt64(header[58]) | UInt64(header[59]) << 8
        let entries = UInt64(header[60]) | UInt64(header[61]) << 8
        guard sections <= UInt64(fileSize), sections + entry * entries <= UInt64(fileSize) else {
            throw truncated(path)
        }
    }

    private static func truncated(_ path: String) -> PluginError {
        PluginError(.notLibrary, file: path, "Is truncated: it is shorter than its header says. Copy it again.")
    }
}
