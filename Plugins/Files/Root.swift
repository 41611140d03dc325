import Glibc
import ToolPlugin

/// The directory that the tools may read.
///
/// Paths are opened name by name, each relative to the directory before it, and symbolic links are not followed. So no
/// file outside can be reached, even if another process changes the tree at the same time.
struct Root {
    private let path: String

    /// Reads the directory from the user's configuration.
    ///
    /// - Throws: ``ToolError`` if it is not configured, with an example.
    init(_ context: ToolContext) throws(ToolError) {
        guard let path = context.configuration("root"), !path.isEmpty else {
            throw .error(
                "No directory is configured for files. The user can set one in ~/.config/toolhost/config.json: "
                    + #"{"plugins": {"files": {"root": "/some/directory"}}}"#
            )
        }
        guard path.hasPrefix("/") else { throw .error("The configured directory \(path) is not an absolute path.") }
        self.path = path
    }

    /// Opens a directory below the root.
    func directory(_ path: RelativePath) throws(ToolError) -> Descriptor {
        // The root may be a symbolic link, because the user chose it.
        var directory = try Descriptor(open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "The configured directory")
        for name in path.names {
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            directory = try Descriptor(openat(directory.number, name, flags), path.text)
        }
        return directory
    }

    /// Opens a regular file below the root.
    func file(_ path: RelativePath) throws(ToolError) -> Descriptor {
        guard let name = path.names.last else { throw .invalidArguments("path: expected a file, got a directory") }
        let directory = try directory(path.parent)
        // Without O_NONBLOCK, opening a pipe without a writer would block.
        let file = try Descriptor(
            openat(directory.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
            path.text
        )
        var status = stat()
        guard fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .error("\(path.text) is not a regular file")
        }
        return file
    }
}
