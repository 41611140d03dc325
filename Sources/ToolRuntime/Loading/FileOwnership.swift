package import Glibc

/// The groups that only their owner is in, each looked up once.
struct GroupMembers {
    private var privacy: [gid_t: Bool] = [:]

    /// True if a group has no members but the user of the same number and name.
    mutating func isPrivate(_ group: gid_t) -> Bool {
        if let known = privacy[group] { return known }
        let isPrivate = Self.lookUp(group)
        privacy[group] = isPrivate
        return isPrivate
    }

    private static func lookUp(_ number: gid_t) -> Bool {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var texts = [CChar](repeating: 0, count: 16 << 10)
        // A group that cannot be read, for its length say, may have any members.
        guard getgrgid_r(number, &entry, &texts, texts.count, &found) == 0 else { return false }
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

extension stat {
    /// True for a directory like `/tmp`: everybody may put files into it, and only their owners replace them.
    package var isRootsAndSticky: Bool { st_uid == 0 && st_mode & S_ISVTX != 0 }

    /// The users besides this one and root who may write the file or directory, in words; `nil` if there are none.
    ///
    /// - Parameter path: The path that this is the status of.
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

    /// The command that makes it this user's own.
    package func remedy(_ path: String) -> String {
        st_uid != 0 && st_uid != geteuid() ? "chown \(geteuid()) \(path)" : "chmod go-w \(path)"
    }

    /// True if the group has the number of the owner and no other members, as most systems set up each user's own.
    private func isGroupPrivate(_ groups: inout GroupMembers) -> Bool {
        st_gid == st_uid && groups.isPrivate(st_gid)
    }
}

/// True if a file's access list names users or groups: then the bits of its group are the most that any of them may.
private func hasAccessList(_ path: String) -> Bool {
    typealias Text = UnsafePointer<CChar>
    typealias Function = @convention(c) (Text, Text, UnsafeMutableRawPointer?, Int) -> Int
    // Swift's module of the C library has no sys/xattr.h.
    guard let symbol = dlsym(nil, "getxattr") else { return true }
    return unsafeBitCast(symbol, to: Function.self)(path, "system.posix_acl_access", nil, 0) > 0
}
