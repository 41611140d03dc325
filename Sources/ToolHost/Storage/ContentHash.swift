import Glibc
import SystemPackage
import ToolRuntime

/// The SHA-256 of a plugin's code, as 64 hexadecimal digits.
///
/// For a plugin that brings no library along it is the hash of its file. Otherwise it is the hash of the hashes of all
/// its files: a binding, for example, only lists the functions of its library, and the library is the code.
struct ContentHash: Sendable, Hashable {
    let text: String

    /// Reads the files and hashes them.
    ///
    /// - Parameter known: The hashes that need not be computed again, or nil to hash every file.
    init(_ file: PluginFile, _ known: KnownHashes? = nil) throws(HashError) {
        var parts: [[UInt8]] = []
        for part in file.parts {
            if let known { parts.append(try known.hash(of: part)) } else { parts.append(try Self.hash(part)) }
        }
        guard parts.count > 1 else {
            text = Self.digits(parts[0])
            return
        }
        var hash = try SHA256()
        for part in parts { try hash.update(part.span.bytes) }
        text = Self.digits(try hash.finish())
    }

    /// Hashes one file.
    ///
    /// - Parameter inspect: Inspects the open file before it is read.
    /// - Throws: ``HashError/changed`` also if the file changes while it is read.
    static func hash(_ part: PluginFile.Part, _ inspect: (Int32) -> Void = { _ in }) throws(HashError) -> [UInt8] {
        guard let file = try? FileDescriptor.open(part.path, .readOnly, options: [.closeOnExec, .noFollow]) else {
            throw .changed
        }
        defer { try? file.close() }
        inspect(file.rawValue)
        try check(file, is: part)
        var hash = try SHA256()
        var buffer = [UInt8](repeating: 0, count: Int(min(part.size, 1 << 20 - 1)) + 1)
        var left = part.size
        while true {
            let count = try? buffer.withUnsafeMutableBytes { buffer in try file.read(into: buffer) }
            // A file that grows while it is read is another one.
            guard let count, count <= left else { throw .changed }
            if count == 0 { break }
            left -= UInt64(count)
            try hash.update(buffer.span.bytes.extracting(first: count))
        }
        try check(file, is: part)
        return try hash.finish()
    }

    private static func check(_ file: FileDescriptor, is part: PluginFile.Part) throws(HashError) {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, part.isSame(status) else { throw .changed }
    }

    /// Two hexadecimal digits for each byte.
    static func digits(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
