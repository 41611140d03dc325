import Glibc

/// A cache of the groups that have no members besides their owner.
struct GroupMembers {
    private var privacy: [gid_t: Bool] = [:]

    /// True if a group has no members besides the user with the same number and name.
    mutating func isPrivate(_ group: gid_t) -> Bool {
        if let known = privacy[group] { return known }
        let isPrivate = Self.lookUp(group)
        privacy[group] = isPrivate
        return isPrivate
    }

    /// Reads the members of a group from the system.
    private static func lookUp(_ number: gid_t) -> Bool {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var strings = [CChar](repeating: 0, count: 16 << 10)
        // A group that cannot be read, for example because it is too long, may have any members.
        guard getgrgid_r(number, &entry, &strings, strings.count, &found) == 0 else { return false }
        // A number without an entry has no members.
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
