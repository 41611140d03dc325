import Glibc

/// An open regular file that no user besides this one and root can replace.
struct CheckedFile: ~Copyable {
    /// The real path, free of symbolic links.
    let path: String
    /// The status of the open file.
    let status: stat
    private let file: OpenFile

    var descriptor: Int32 { file.descriptor }

    private struct OpenFile: ~Copyable {
        let descriptor: Int32

        deinit { if descriptor >= 0 { close(descriptor) } }
    }

    /// - Parameters:
    ///   - path: The path as the user gave it, which errors name.
    ///   - scan: The scan that this check is part of.
    init(_ path: String, _ scan: inout FileScan) throws(PluginError) {
        let real: String
        switch scan.locate(path) {
        case .found(let path, _): real = path
        case .missing(nil): throw PluginError(.notFound, file: path, "Cannot be opened: \(errorText(ENOENT)).")
        case .missing(let link?):
            throw PluginError(
                .notFound,
                file: path,
                "Cannot be opened: \(link) is a symbolic link to a file that does not exist."
            )
        case .fault(let fault):
            throw PluginError(fault.isDistrust ? .notTrusted : .notFound, file: path, fault.message)
        }
        // The directories are checked, so no other user has put a link there since the path was followed.
        let file = OpenFile(descriptor: open(real, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK))
        guard file.descriptor >= 0 else {
            throw PluginError(.notFound, file: path, "Cannot be opened: \(errorText(errno)).")
        }
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else {
            throw PluginError(.notFound, file: path, "Cannot be read: \(errorText(errno)).")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw PluginError(.notLibrary, file: path, "Is not a regular file.")
        }
        if let writer = scan.foreignWriter(status, at: real) {
            throw PluginError(
                .notTrusted,
                file: path,
                "\(writer) could replace its code, so it is not loaded. To prevent that: "
                    + status.remedy(real)
            )
        }
        self.path = real
        self.status = status
        self.file = file
    }
}
