package import Glibc
import ToolJSON

/// A check of many files at one time, which looks at each directory and each group once.
///
/// Its findings hold for one scan. A later one starts anew, since others may have been given rights meanwhile.
package struct FileScan {
    /// The reason why nothing below a directory may be loaded.
    struct DirectoryFault {
        let code: PluginError.Code
        let sentence: String
    }

    var groups = GroupMembers()
    private var faults: [ExactKey: DirectoryFault?] = [:]
    private var realPaths: [ExactKey: String?] = [:]
    private var identities: [ExactKey: FileIdentity?] = [:]

    package init() {}

    /// Finds the real path and the status of a file, and opens nothing.
    ///
    /// - Returns: `nil` where it is not a regular file that can be found this way.
    package mutating func find(_ path: String) -> (path: String, status: stat)? {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        guard let directory = realPath(String(path[...slash])) else { return nil }
        var real = directory + path[slash...]
        var status = stat()
        guard lstat(real, &status) == 0 else { return nil }
        if status.st_mode & S_IFMT == S_IFLNK {
            guard let target = Self.realPath(real), lstat(target, &status) == 0 else { return nil }
            real = target
        }
        return status.st_mode & S_IFMT == S_IFREG ? (real, status) : nil
    }

    /// The state of a directory when this scan first came to it; `nil` where there is none.
    mutating func identity(ofDirectory path: String) -> FileIdentity? {
        let key = ExactKey(path)
        if let known = identities[key] { return known }
        var status = stat()
        let identity = stat(path, &status) == 0 ? FileIdentity(status) : nil
        identities[key] = .some(identity)
        return identity
    }

    /// The users besides this one and root who may write a file, in words; `nil` if there are none.
    mutating func stranger(_ status: stat, at path: String) -> String? { status.stranger(at: path, &groups) }

    /// Checks that only this user and root may write the directories above a file: others could replace the file.
    ///
    /// In a sticky directory of root's, such as `/tmp`, everybody may put files, and only their owners replace them.
    ///
    /// - Parameters:
    ///   - path: A real path.
    ///   - name: The path for errors, as the user gave it.
    mutating func checkDirectories(above path: String, named name: String) throws(PluginError) {
        guard let directory = path.folderPart, let fault = fault(at: directory) else { return }
        throw PluginError(fault.code, file: name, fault.sentence)
    }

    /// The fault of a directory or, where it has none, of the nearest one above it that has.
    private mutating func fault(at directory: String) -> DirectoryFault? {
        let key = ExactKey(directory)
        if let known = faults[key] { return known }
        var fault = ownFault(of: directory.isEmpty ? "/" : directory)
        if fault == nil, let above = directory.folderPart { fault = self.fault(at: above) }
        faults[key] = .some(fault)
        return fault
    }

    private mutating func ownFault(of directory: String) -> DirectoryFault? {
        var status = stat()
        guard lstat(directory, &status) == 0 else {
            return DirectoryFault(
                code: .notFound,
                sentence: "Its folder \(directory) cannot be read: \(errorText(errno))."
            )
        }
        guard !status.isRootsAndSticky, let stranger = stranger(status, at: directory) else { return nil }
        return DirectoryFault(
            code: .notTrusted,
            sentence: "\(stranger) could replace files in \(directory), so nothing below it is loaded. "
                + "Make that folder yours alone: \(status.remedy(directory))"
        )
    }

    private mutating func realPath(_ directory: String) -> String? {
        let key = ExactKey(directory)
        if let known = realPaths[key] { return known }
        let real = Self.realPath(directory).map { $0 == "/" ? "" : $0 }
        realPaths[key] = .some(real)
        return real
    }

    /// - Returns: `nil` also for a path that is not UTF-8: another file would be opened under it.
    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(validatingCString: real)
    }
}
