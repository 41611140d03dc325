import Glibc

/// The program that the kernel starts in another's place: an ELF file's loader, a script's interpreter.
enum ProgramLoader {
    private static let maximumLine = 256
    private static let maximumHeaders = 128
    private static let headerSize = 56
    private static let interpreter = 3

    /// What has to be executable, too, for a program to start; none where it needs none or is no program.
    static func path(for program: String) -> String? {
        let file = open(program, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let start = bytes(of: file, at: 0, count: maximumLine)
        if start.starts(with: "#!".utf8) {
            let line = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }.drop { $0 == UInt8(ascii: " ") }
            return absolute(line.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") })
        }
        guard start.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), start.count >= 64 else { return nil }
        let count = min(integer(start[56..<58]), maximumHeaders)
        guard integer(start[54..<56]) == headerSize else { return nil }
        let headers = bytes(of: file, at: integer(start[32..<40]), count: count * headerSize)
        for header in stride(from: 0, through: headers.count - headerSize, by: headerSize)
        where integer(headers[header..<header + 4]) == interpreter {
            let size = integer(headers[header + 32..<header + 40])
            guard size <= Int(PATH_MAX) else { return nil }
            let offset = integer(headers[header + 8..<header + 16])
            return absolute(bytes(of: file, at: offset, count: size).prefix { $0 != 0 })
        }
        return nil
    }

    private static func absolute(_ path: some Collection<UInt8>) -> String? {
        path.first == UInt8(ascii: "/") ? String(decoding: path, as: UTF8.self) : nil
    }

    /// Little-endian; a number too large for any file becomes one that no file reaches.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(clamping: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private static func bytes(of file: Int32, at offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            read = max(0, pread(file, buffer.baseAddress, count, offset))
        }
    }
}
