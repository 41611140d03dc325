import Crypto
import Glibc
import ToolRuntime

/// The SHA-256 of what a plugin's code is, as 64 hexadecimal digits.
///
/// Of a plugin that brings no library along it is that of its file. Otherwise it is that of the digests of all its
/// files: a binding, say, is no more than a list of what its library is called with, and the library is the code.
struct ContentHash: Sendable, Hashable {
    let text: String

    /// Reads the files and hashes them; `nil` where one is not the one that was checked, or cannot be read.
    init?(_ file: PluginFile) {
        var digests: [[UInt8]] = []
        for part in file.parts {
            guard let digest = Self.digest(part) else { return nil }
            digests.append(digest)
        }
        text = Self.digits(digests.count == 1 ? digests[0] : Array(SHA256.hash(data: Array(digests.joined()))))
    }

    private static func digest(_ part: PluginFile.Part) -> [UInt8]? {
        let descriptor = open(part.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, part.isSame(status) else { return nil }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var left = part.size
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            // It grows as it is read.
            guard count <= left else { return nil }
            left -= UInt64(count)
            hash.update(data: buffer[..<count])
        }
        return Array(hash.finalize())
    }

    /// Two hexadecimal digits for each byte.
    static func digits(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
