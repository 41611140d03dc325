import Glibc
import ToolPlugin

/// Reads the small text files in which the kernel tells about itself.
enum SystemFile {
    private static let maximumBytes = 1 << 20

    /// The text of a file; of a longer one the first MiB.
    static func text(_ path: String) throws(ToolError) -> String {
        guard let text = textIfReadable(path) else {
            throw .error("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        return text
    }

    /// The text of a file, or `nil` where it cannot be read: a process may end while it is looked at.
    static func textIfReadable(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count < maximumBytes {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
