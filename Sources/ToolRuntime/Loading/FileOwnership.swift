package import Glibc

extension stat {
    /// True for a directory like `/tmp`: all users can create files in it, and only the owner of a file can replace it.
    package var isRootsAndSticky: Bool { st_uid == 0 && st_mode & S_ISVTX != 0 }

    /// Describes the users besides this one and root who can write the file or directory; nil if there are none.
    ///
    /// - Parameter path: The path of the file or directory.
    package func foreignWriter(at path: String) -> String? {
        var groups = GroupMembers()
        return foreignWriter(at: path, &groups)
    }

    func foreignWriter(at path: String, _ groups: inout GroupMembers) -> String? {
        if st_uid != 0, st_uid != geteuid() { return "Another user (uid \(st_uid))" }
        if st_mode & S_IWOTH != 0 { return "Every user" }
        if st_mode & S_IWGRP != 0, !isGroupPrivate(&groups) || hasAccessList(path) {
            return "The members of group \(st_gid)"
        }
        return nil
    }

    /// The shell command that removes the write access of other users.
    package func remedy(_ path: String) -> String {
        st_uid != 0 && st_uid != geteuid() ? "chown \(geteuid()) \(path)" : "chmod go-w \(path)"
    }

    /// True if the group has the owner's number and no other members, as the private group of a user has.
    private func isGroupPrivate(_ groups: inout GroupMembers) -> Bool {
        st_gid == st_uid && groups.isPrivate(st_gid)
    }
}

/// True if a file's access list names users or groups; the file's group bits then limit their access.
private func hasAccessList(_ path: String) -> Bool {
    typealias Text = UnsafePointer<CChar>
    typealias Function = @convention(c) (Text, Text, UnsafeMutableRawPointer?, Int) -> Int
    // Swift's module of the C library has no sys/xattr.h.
    guard let symbol = dlsym(nil, "getxattr") else { return true }
    return unsafeBitCast(symbol, to: Function.self)(path, "system.posix_acl_access", nil, 0) > 0
}
