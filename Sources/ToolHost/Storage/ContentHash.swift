import Crypto
import Glibc
import ToolRuntime

/// The SHA-256 of a file's content, as 64 hexadecimal digits.
struct ContentHash: Sendable, Hashable {
    let text: String

    /// Reads a file and hashes it; `nil` where it is not the one that was checked, or cannot be read.
    init?(_ file: PluginFile) {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, file.isSame(status) else { return nil }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            hash.update(data: buffer[..<count])
        }
        text = Self.digits(hash.finalize())
    }

    /// Two hexadecimal digits for each byte.
    static func digits(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
