import Glibc

/// The files that the kernel executes together with a program: the loader of an ELF file, the interpreter of a script.
package enum ProgramLoader {
    /// A file that must also be executable for a program to start.
    package struct Helper: Hashable, Sendable {
        package let path: String
        /// True for a loader, false for the interpreter of a script.
        package let isLoader: Bool
    }

    private static let maximumLine = 256
    private static let maximumHeaders = 128
    private static let headerSize = 56
    private static let interpreter = 3
    private static let maximumHelpers = 4
    /// The real path of the loader of this program.
    private static let ownLoader = helper(of: "/proc/self/exe").flatMap { realPath($0.path) }

    /// Returns the helpers of a program, in the order in which the kernel finds them.
    package static func helpers(of program: String) -> [Helper] {
        var helpers: [Helper] = []
        // The interpreter of a script can be a script itself, and the last one has a loader.
        while helpers.count < maximumHelpers, let helper = helper(of: helpers.last?.path ?? program) {
            helpers.append(helper)
        }
        return helpers
    }

    /// Returns true if a file is a dynamic loader, which can start any program.
    ///
    /// A loader has no loader itself, and it has the name of a loader or is the loader of this process.
    package static func isLoader(_ path: String) -> Bool {
        let path = realPath(path) ?? path
        let name = path[(path.lastIndex(of: "/") ?? path.startIndex)...].drop { $0 == "/" }
        guard path == ownLoader || name.hasPrefix("ld") && name.contains(".so") else { return false }
        return helper(of: path) == nil
    }

    /// Returns the file that must also be executable for a program to start, or nil if there is none.
    static func helper(of program: String) -> Helper? {
        let file = open(program, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let start = bytes(of: file, at: 0, count: maximumLine)
        if start.starts(with: "#!".utf8) {
            let line = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }.drop { $0 == UInt8(ascii: " ") }
            let path = absolute(line.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") })
            return path.map { Helper(path: $0, isLoader: false) }
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
            let path = absolute(bytes(of: file, at: offset, count: size).prefix { $0 != 0 })
            return path.map { Helper(path: $0, isLoader: true) }
        }
        return nil
    }

    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func absolute(_ path: some Collection<UInt8>) -> String? {
        path.first == UInt8(ascii: "/") ? String(decoding: path, as: UTF8.self) : nil
    }

    /// Returns a little-endian number, clamped to the range of `Int`, which no file reaches.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(clamping: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private static func bytes(of file: Int32, at offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            read = max(0, pread(file, buffer.baseAddress, count, offset))
        }
    }
}
