import Glibc
import ToolPlugin

/// The small text files in which the kernel reports its state.
enum SystemFile {
    private static let maximumBytes = 1 << 20

    /// Returns the text of a file, or its first MiB.
    static func text(_ path: String) throws(ToolError) -> String {
        guard let text = textIfReadable(path) else {
            throw .error("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        return text
    }

    /// Returns the text of a file, or nil if it cannot be read: a process may exit at any time.
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
