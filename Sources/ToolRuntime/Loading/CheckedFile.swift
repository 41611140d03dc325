import Glibc

/// A regular file that nobody but this user and root can replace, opened.
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
    ///   - isKnown: True if the host has found that nobody else can replace it, so that this need not be asked.
    ///   - scan: The look at files that this check is part of.
    init(_ path: String, isKnown: Bool = false, _ scan: inout FileScan) throws(PluginError) {
        guard let real = realpath(path, nil) else {
            throw PluginError(.notFound, file: path, "Cannot be opened: \(errorText(errno)).")
        }
        defer { free(real) }
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
        // Otherwise another file would be opened under it.
        guard let text = String(validatingCString: real) else {
            throw PluginError(.notFound, file: path, "Lies at a path that is not UTF-8. Give it another name.")
        }
        if !isKnown {
            if let stranger = scan.stranger(status, at: text) {
                throw PluginError(
                    .notTrusted,
                    file: path,
                    "\(stranger) could replace its code, so it is not loaded. Make it yours alone: "
                        + status.remedy(text)
                )
            }
            try scan.checkDirectories(above: text, named: path)
        }
        self.path = text
        self.status = status
        self.file = file
    }
}

/// The text of an error number.
package func errorText(_ number: Int32) -> String {
    String(cString: strerror(number))
}
