package import Glibc

/// The error of a path that is not followed.
package enum PathError: Error, Sendable {
    /// Users besides this one and root can write a directory on the path; `remedy` is the command that prevents it.
    case directory(String, writer: String, remedy: String)
    /// A symbolic link on the path belongs to another user.
    case link(String, owner: uid_t)
    /// A symbolic link on the path has a target that is not UTF-8.
    case notUTF8
    /// A system call failed with an error number.
    case error(Int32)

    /// True if the path exists, and other users could change where it leads.
    package var isDistrust: Bool {
        switch self {
        case .directory, .link: true
        case .notUTF8, .error: false
        }
    }

    /// The reason and its remedy, in sentences whose subject is the file.
    package var message: String {
        switch self {
        case .directory(let path, let writer, let remedy):
            "\(writer) could replace files in \(path), so nothing below it is used. "
                + "To prevent that: \(remedy)"
        case .link(let path, let owner):
            "\(path) is a symbolic link of another user (uid \(owner)), who could redirect it, so it is not followed. "
                + "Remove the link, or name the file by a path without it."
        case .notUTF8: "Has a path that is not UTF-8. Rename it."
        case .error(ELOOP):
            "Cannot be opened: its path has too many symbolic links, or links that form a loop. Correct the links."
        case .error(let number): "Cannot be opened: \(errorText(number))."
        }
    }
}
