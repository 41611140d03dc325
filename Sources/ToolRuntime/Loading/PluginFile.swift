package import Glibc

/// A file that may be loaded: what it is on disk, checked before any of its code can run.
package struct PluginFile: Sendable, Hashable {
    /// The real path, free of symbolic links.
    package let path: String

    /// Which file it is, whatever it is called: device and inode.
    package let identity: [UInt64]

    /// What changes whenever the file does: its identity, its size, and when its content and its inode were changed.
    package let stamp: [UInt64]

    /// Checks that a file exists, that nobody else may write it, and that it is a shared library for this machine.
    package init(checking path: String) throws(PluginError) {
        guard let real = realpath(path, nil) else {
            throw PluginError(.notFound, file: path, "Cannot be opened: \(errorText(errno)).")
        }
        self.path = String(cString: real)
        free(real)
        let file = open(self.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            throw PluginError(.notFound, file: path, "Cannot be opened: \(errorText(errno)).")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw PluginError(.notFound, file: path, "Cannot be read: \(errorText(errno)).")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw PluginError(.notLibrary, file: path, "Is not a regular file.")
        }
        identity = [UInt64(status.st_dev), UInt64(status.st_ino)]
        stamp = Self.stamp(status)
        if let owner = Self.stranger(status) {
            throw PluginError(
                .notTrusted,
                file: path,
                "\(owner) could replace its code, so it is not loaded. Make it yours alone: chmod go-w FILE, chown FILE."
            )
        }
        try Self.checkFolders(of: self.path, named: path)
        try ELFHeader.check(file, size: Int(status.st_size), named: path)
    }

    /// The ``stamp`` of a file.
    package static func stamp(_ status: stat) -> [UInt64] {
        let times = [status.st_mtim, status.st_ctim].flatMap { [$0.tv_sec, $0.tv_nsec] }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
            + ([Int(status.st_size)] + times).map { UInt64(bitPattern: Int64($0)) }
    }

    /// Whoever may write a folder above may replace the file.
    ///
    /// A sticky folder protects what others put into it.
    private static func checkFolders(of path: String, named name: String) throws(PluginError) {
        var folder = path[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            let text = folder.isEmpty ? "/" : String(folder)
            var status = stat()
            guard lstat(text, &status) == 0 else {
                throw PluginError(.notFound, file: name, "Its folder \(text) cannot be read: \(errorText(errno)).")
            }
            let isSticky = status.st_mode & S_ISVTX != 0
            if !isSticky, let owner = stranger(status) {
                throw PluginError(
                    .notTrusted,
                    file: name,
                    "\(owner) could replace files in \(text), so nothing below it is loaded. "
                        + "Make that folder yours alone: chmod go-w FOLDER, chown FOLDER."
                )
            }
        }
    }

    /// Who besides this user and root may write the thing, in words; `nil` where nobody may.
    private static func stranger(_ status: stat) -> String? {
        if status.st_uid != 0, status.st_uid != geteuid() { return "Another user (uid \(status.st_uid))" }
        if status.st_mode & S_IWOTH != 0 { return "Every user" }
        // A group of the same number as its user is that user's own, as most systems set it up.
        if status.st_mode & S_IWGRP != 0, status.st_gid != 0, status.st_gid != status.st_uid {
            return "The members of group \(status.st_gid)"
        }
        return nil
    }
}

/// The text of an error number.
package func errorText(_ number: Int32) -> String {
    String(cString: strerror(number))
}
