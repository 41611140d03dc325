import Glibc

/// A regular file that nobody but this user and root can replace, opened.
struct CheckedFile: ~Copyable {
    /// The real path, free of symbolic links.
    let path: String
    /// What it is on disk.
    let status: stat
    private let file: OpenFile

    var descriptor: Int32 { file.descriptor }

    private struct OpenFile: ~Copyable {
        let descriptor: Int32

        deinit { if descriptor >= 0 { close(descriptor) } }
    }

    /// - Parameters:
    ///   - path: As somebody named it; errors name it so.
    ///   - isKnown: Whether the host has found that nobody else can replace it, so that this need not be asked.
    init(_ path: String, isKnown: Bool = false) throws(PluginError) {
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
            if let stranger = status.stranger(at: text) {
                throw PluginError(
                    .notTrusted,
                    file: path,
                    "\(stranger) could replace its code, so it is not loaded. Make it yours alone: "
                        + status.remedy(text)
                )
            }
            try Self.checkFolders(of: text, named: path)
        }
        self.path = text
        self.status = status
        self.file = file
    }

    /// Whoever may write a folder above may replace the file.
    ///
    /// In a sticky folder of root's, such as `/tmp`, everybody may put files, and nobody but their owner replace them.
    private static func checkFolders(of path: String, named name: String) throws(PluginError) {
        var folder = path
        while let above = folder.folderPart {
            folder = above
            let text = folder.isEmpty ? "/" : folder
            var status = stat()
            guard lstat(text, &status) == 0 else {
                throw PluginError(.notFound, file: name, "Its folder \(text) cannot be read: \(errorText(errno)).")
            }
            if !status.isRootsAndSticky, let stranger = status.stranger(at: text) {
                throw PluginError(
                    .notTrusted,
                    file: name,
                    "\(stranger) could replace files in \(text), so nothing below it is loaded. "
                        + "Make that folder yours alone: \(status.remedy(text))"
                )
            }
        }
    }

    /// Checks that nobody else can put a file where there is none.
    ///
    /// - Parameter path: Absolute.
    static func checkAbsence(_ path: String, named name: String) throws(PluginError) {
        var folder = path
        while let above = folder.folderPart {
            folder = above
            let text = folder.isEmpty ? "/" : folder
            var status = stat()
            guard stat(text, &status) == 0 else { continue }
            guard let stranger = status.stranger(at: text) else { return }
            throw PluginError(
                .notTrusted,
                file: name,
                "\(stranger) could put a library at \(path), where it is looked for. Link the plugin with a run path "
                    + "that only you can write: -rpath '$ORIGIN'."
            )
        }
    }
}

extension stat {
    /// Whether it is a folder like `/tmp`: in it everybody may put files, and nobody but their owner replace them.
    package var isRootsAndSticky: Bool { st_uid == 0 && st_mode & S_ISVTX != 0 }

    /// Who besides this user and root may write the thing, in words; `nil` where nobody may.
    ///
    /// - Parameter path: What it is the status of.
    package func stranger(at path: String) -> String? {
        if st_uid != 0, st_uid != geteuid() { return "Another user (uid \(st_uid))" }
        if st_mode & S_IWOTH != 0 { return "Every user" }
        if st_mode & S_IWGRP != 0, !isGroupPrivate || hasAccessList(path) { return "The members of group \(st_gid)" }
        return nil
    }

    /// What makes it this user's own.
    package func remedy(_ path: String) -> String {
        st_uid != 0 && st_uid != geteuid() ? "chown \(geteuid()) \(path)" : "chmod go-w \(path)"
    }

    /// Whether the group has the number of the owner and no other members, as most systems set up each user's own.
    private var isGroupPrivate: Bool {
        guard st_gid == st_uid else { return false }
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var texts = [CChar](repeating: 0, count: 16 << 10)
        // A group that cannot be read, for its length say, may have any members.
        guard getgrgid_r(st_gid, &entry, &texts, texts.count, &found) == 0 else { return false }
        // A number without an entry has none.
        guard found != nil else { return true }
        var members: [String] = []
        var next = entry.gr_mem
        while let member = next?.pointee {
            members.append(String(cString: member))
            next = next?.advanced(by: 1)
        }
        return members.allSatisfy { $0 == String(cString: entry.gr_name) }
    }
}

/// Whether a file's access list names users or groups: then the bits of its group are the most that any of them may.
private func hasAccessList(_ path: String) -> Bool {
    typealias Text = UnsafePointer<CChar>
    typealias Function = @convention(c) (Text, Text, UnsafeMutableRawPointer?, Int) -> Int
    // Swift's module of the C library has no sys/xattr.h.
    guard let symbol = dlsym(nil, "getxattr") else { return true }
    return unsafeBitCast(symbol, to: Function.self)(path, "system.posix_acl_access", nil, 0) > 0
}

/// The text of an error number.
package func errorText(_ number: Int32) -> String {
    String(cString: strerror(number))
}
