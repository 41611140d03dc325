import Glibc
import SystemPackage

/// A file that a command writes atomically.
struct OutputFile {
    /// The directory of the file, with symbolic links resolved.
    let directory: String
    private let path: String
    private let replaces: Bool
    private let permissions: FilePermissions

    /// - Parameters:
    ///   - replaces: True if an existing file may be replaced.
    ///   - isPrivate: True if only the user may read the file.
    ///   - advice: The clause that follows the error about an existing file.
    init(_ path: String, replaces: Bool = false, isPrivate: Bool = false, advice: TerminalLine) throws(CommandError) {
        (self.path, self.replaces) = (path, replaces)
        permissions = isPrivate ? .ownerReadWrite : [.ownerReadWrite, .groupRead, .otherRead]
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard let real = realpath(parent, nil) else { throw Self.failure(path, Errno(rawValue: errno)) }
        defer { free(real) }
        directory = String(cString: real)
        if !replaces, access(path, F_OK) == 0 {
            throw CommandError(.usage, "\(path, limit: 400) exists already, and may hold your work; \(advice).")
        }
    }

    func write(_ bytes: [UInt8]) throws(CommandError) {
        let temporary = "\(path).\(getpid()).new"
        do {
            let file = try FileDescriptor.open(
                FilePath(temporary),
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: permissions
            )
            defer { unlink(temporary) }
            _ = try file.closeAfter { try file.writeAll(bytes) }
            // Unless it may be replaced, a file that has appeared meanwhile stays.
            guard (replaces ? rename(temporary, path) : link(temporary, path)) == 0 else {
                throw Errno(rawValue: errno)
            }
        } catch {
            throw Self.failure(path, error)
        }
    }

    private static func failure(_ path: String, _ error: any Error) -> CommandError {
        CommandError(.inputOutput, "\(path, limit: 400) cannot be written: \("\(error)", limit: 200).")
    }
}
