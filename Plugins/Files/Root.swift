import Glibc
import ToolPlugin

/// The one folder that the tools may see.
///
/// Paths are opened name by name, each relative to the folder opened before it, and symbolic links are not followed.
/// So nothing outside can be reached, not even by one who changes the tree meanwhile.
struct Root {
    private let path: String

    /// The folder that the user has configured.
    ///
    /// - Throws: ``ToolError`` that tells how to configure one.
    init(_ context: ToolContext) throws(ToolError) {
        guard let path = context.configuration("root"), !path.isEmpty else {
            throw .error(
                "No folder is configured for files. The user can set one in ~/.config/toolhost/config.json: "
                    + #"{"plugins": {"files": {"root": "/some/folder"}}}"#
            )
        }
        guard path.hasPrefix("/") else { throw .error("The configured folder \(path) is no absolute path.") }
        self.path = path
    }

    /// Opens a folder below.
    func folder(_ path: RelativePath) throws(ToolError) -> Descriptor {
        // The folder itself may be a link: it is the user who named it.
        var folder = try Descriptor(open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "The configured folder")
        for name in path.names {
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            folder = try Descriptor(openat(folder.number, name, flags), path.text)
        }
        return folder
    }

    /// Opens a file below, if it is a regular one.
    func file(_ path: RelativePath) throws(ToolError) -> Descriptor {
        guard let name = path.names.last else { throw .invalidArguments("path: expected a file, got a folder") }
        let folder = try folder(path.parent)
        // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        let file = try Descriptor(
            openat(folder.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
            path.text
        )
        var status = stat()
        guard fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .error("\(path.text) is not a regular file")
        }
        return file
    }
}

/// An open file or folder, closed when it is let go of.
final class Descriptor {
    let number: Int32

    init(_ number: Int32, _ name: String) throws(ToolError) {
        guard number >= 0 else {
            switch errno {
            case ELOOP: throw .error("\(name) is or passes a symbolic link, and these are not followed")
            case ENOTDIR: throw .error("\(name) is no folder, or passes a file or a symbolic link")
            default: throw .error("\(name) cannot be opened: \(String(cString: strerror(errno)))")
            }
        }
        self.number = number
    }

    deinit { close(number) }

    /// Reads up to so many bytes from a place in the file.
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
