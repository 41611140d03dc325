public import Foundation

extension FixtureDirectory {
    /// Creates a symbolic link in the directory.
    ///
    /// - Parameter owner: The owner of the link, or nil for this user. Only root can create links of other users.
    public func link(_ name: String, _ target: String, owner: uid_t? = nil) {
        symlink(target, path + "/" + name)
        if let owner { lchown(path + "/" + name, owner, owner) }
    }

    /// Creates a directory in the directory, with a mode and an owner.
    public func directory(_ name: String, mode: mode_t, owner: uid_t? = nil) throws {
        let directory = try directory(name)
        if let owner { chown(directory, owner, owner) }
        chmod(directory, mode)
    }
}
