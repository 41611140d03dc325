import Glibc
import ToolPlugin

/// An open file or directory, closed when the object is released.
final class Descriptor {
    let number: Int32

    /// Takes over a file descriptor.
    ///
    /// - Parameters:
    ///   - number: The result of `open`; negative for a failure.
    ///   - name: The name of the file, for the error.
    init(_ number: Int32, _ name: String) throws(ToolError) {
        guard number >= 0 else {
            switch errno {
            case ELOOP: throw .error("\(name) is a symbolic link, or contains one, and these are not followed")
            case ENOTDIR: throw .error("\(name) is not a directory, or its path contains a file or a symbolic link")
            default: throw .error("\(name) cannot be opened: \(String(cString: strerror(errno)))")
            }
        }
        self.number = number
    }

    deinit { close(number) }

    /// Reads bytes from the file.
    ///
    /// - Parameters:
    ///   - offset: The position of the first byte.
    ///   - limit: The maximum number of bytes.
    func bytes(at offset: Int, limit: Int) throws(ToolError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(limit, 1 << 16))
        while bytes.count < limit {
            let count = pread(number, &buffer, min(buffer.count, limit - bytes.count), off_t(offset + bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .error("reading failed: \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
